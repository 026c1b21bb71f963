use proptest::prelude::*;

use super::*;

const NEW: &str = "https://tour-1a2b3.europe-west1.firebasedatabase.app";
const OLD: &str = "https://tour-1a2b3-default-rtdb.firebaseio.com";

fn url(text: &str) -> String {
    Config::parse(text).unwrap().database_url
}

/// As the console shows it, and as people have it in their files.
#[test]
fn what_people_paste_is_understood() {
    let pastes = [
        r#"// Import the functions you need from the SDKs you need
import { initializeApp } from "firebase/app";
// https://firebase.google.com/docs/web/setup#available-libraries

// Your web app's Firebase configuration
const firebaseConfig = {
  apiKey: "AIzaSyB-1_x",
  authDomain: "tour-1a2b3.firebaseapp.com",
  databaseURL: "https://tour-1a2b3.europe-west1.firebasedatabase.app",
  projectId: "tour-1a2b3",
  appId: "1:123:web:abc"
};

// Initialize Firebase
const app = initializeApp(firebaseConfig);"#,
        r#"<script src="https://www.gstatic.com/firebasejs/4.12.1/firebase.js"></script>
<script>
  // Initialize Firebase, it's easy
  var config = {
    apiKey: 'AIzaSyB-1_x',
    databaseURL: 'https://tour-1a2b3.europe-west1.firebasedatabase.app/',
    messagingSenderId: '123',
  };
  firebase.initializeApp(config);
</script>"#,
        r#"firebase.initializeApp({apiKey:"AIzaSyB-1_x",databaseURL:`https://tour-1a2b3.europe-west1.firebasedatabase.app`,})"#,
        r#"{"apiKey": "AIzaSyB-1_x", "databaseURL": "https:\/\/tour-1a2b3.europe-west1.firebasedatabase.app", "a": [1]}"#,
        r#"{ apiKey: "AIzaSyB-1_x", /* databaseURL: "https://old.firebaseio.com", */
        // databaseURL: "https://older.firebaseio.com",
        databaseURL: "HTTPS://Tour-1a2b3.europe-west1.firebasedatabase.app" }"#,
    ];
    for paste in pastes {
        let config = Config::parse(paste).unwrap();
        assert_eq!(config.database_url, NEW, "{paste}");
        assert_eq!(config.api_key.as_deref(), Some("AIzaSyB-1_x"), "{paste}");
        assert_eq!((config.namespace, config.auth_url), (None, None));
    }
}

#[test]
fn an_address_alone_is_enough() {
    for (given, expected) in [
        (OLD, OLD),
        (
            " \"https://tour-1a2b3-default-rtdb.firebaseio.com/\", \n",
            OLD,
        ),
        (
            "databaseURL: \"https://tour-1a2b3-default-rtdb.firebaseio.com\",",
            OLD,
        ),
        ("https://h.example:8443/.json", "https://h.example:8443"),
        (
            "https://h.example/a//b%20c.json/",
            "https://h.example/a/b%20c",
        ),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://[::1]:9000/", "http://[::1]:9000"),
        ("http://127.0.0.1:9000?ns=tour", "http://127.0.0.1:9000"),
    ] {
        assert_eq!(url(given), expected, "{given}");
    }
    assert_eq!(Config::parse(OLD).unwrap().sign_up_url(), None);
}

#[test]
fn what_is_wrong_is_said() {
    use InvalidConfig::*;
    let text = |text: &str| text.to_owned();
    for (given, expected) in [
        ("", Empty),
        (" \n", Empty),
        ("hello", NoConfig),
        ("it's {} 'x", NoConfig),
        ("{ apiKey: \"k\", projectId: \"p\" }", NoDatabase),
        ("{ apiKey: \"k\", databaseURL: \"\" }", NoDatabase),
        (
            "{databaseURL: \"https://a.example\"} {databaseURL: \"https://b.example\"}",
            Ambiguous("databaseURL"),
        ),
        ("{databaseURL: \"a.example\"}", NotUrl(text("a.example"))),
        ("ftp://a.example", NotUrl(text("ftp://a.example"))),
        ("https://", NotUrl(text("https://"))),
        ("https:///x", NotUrl(text("https:///x"))),
        ("https://a..b", NotUrl(text("https://a..b"))),
        (
            "https://<name>.firebaseio.com",
            NotUrl(text("https://<name>.firebaseio.com")),
        ),
        ("https://a.example:x", NotUrl(text("https://a.example:x"))),
        (
            "https://console.firebase.google.com/project/p/database/p/data",
            Console,
        ),
        ("http://a.example", Insecure(text("a.example"))),
        (
            "http://localhost.example",
            Insecure(text("localhost.example")),
        ),
        ("https://me:pw@a.example", Secret),
        ("https://a.example/.json?auth=s", Secret),
        (
            "https://a.example?print=pretty",
            Query(text("print=pretty")),
        ),
        ("https://a.example?ns=", Query(text("ns="))),
        ("https://a.example/a.b", Path(text("a.b"))),
        ("https://a.example/#x", Path(text("#x"))),
        (
            "{apiKey: \"YOUR KEY\", databaseURL: \"https://a.example\"}",
            ApiKey(text("YOUR KEY")),
        ),
    ] {
        assert_eq!(Config::parse(given), Err(expected), "{given}");
    }
}

#[test]
fn a_project_signs_in_at_google_and_the_embedded_database_beside_itself() {
    let project = Config::parse(r#"{"apiKey":"k","databaseURL":"https://a.example"}"#).unwrap();
    assert_eq!(
        project.sign_up_url().unwrap(),
        "https://identitytoolkit.googleapis.com/v1/accounts:signUp?key=k"
    );
    assert_eq!(
        project.token_url().unwrap(),
        "https://securetoken.googleapis.com/v1/token?key=k"
    );
    let embedded = Config::embedded("http://127.0.0.1:8080/base");
    assert_eq!(
        embedded.sign_up_url().unwrap(),
        "http://127.0.0.1:8080/base/rtdb-auth/identitytoolkit.googleapis.com/v1/accounts:signUp?key=embedded"
    );
    assert_eq!(embedded.name(), "127.0.0.1:8080/base/rtdb");
    assert_eq!(Config::parse(&embedded.to_json()), Ok(embedded));
}

#[test]
fn a_place_in_the_database_has_an_address() {
    let config = Config::parse("http://127.0.0.1:9000/x?ns=tour").unwrap();
    assert_eq!(
        config.resource("rooms/a%2Fb ä"),
        "http://127.0.0.1:9000/x/rooms/a%252Fb%20%C3%A4.json?ns=tour"
    );
    assert_eq!(config.name(), "127.0.0.1:9000/x (tour)");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}|[ \n'\"`/*\\\\{}:,;.?#@u\\[\\]a-c0-9é]{0,60}") {
        drop(Config::parse(&text));
        drop(Config::parse(&format!("{{databaseURL: {text}}}")));
        drop(Config::parse(&format!("https://{text}")));
    }

    #[test]
    fn what_is_stored_is_read_again(
        host in "[a-z0-9]{1,8}(\\.[a-z0-9-]{1,8}){0,3}(:[1-9][0-9]{0,3})?",
        path in "(/([a-zA-Z0-9_é-]|%[0-9A-F]{2}){1,8}){0,3}",
        namespace in proptest::option::of("[a-z0-9-]{1,8}"),
        key in proptest::option::of("[a-zA-Z0-9_-]{1,20}"),
    ) {
        let query = namespace.as_ref().map_or(String::new(), |name| format!("?ns={name}"));
        let given = serde_json::json!({ "databaseURL": format!("https://{host}{path}/.json{query}") });
        let mut config = Config::parse(&given.to_string()).unwrap();
        prop_assert_eq!(&config.database_url, &format!("https://{host}{path}"));
        config.api_key = key;
        prop_assert_eq!(Config::parse(&config.to_json()), Ok(config));
    }
}

#[test]
fn a_host_of_firebase_is_enough() {
    for given in [
        "x-default-rtdb.firebaseio.com",
        "x-default-rtdb.europe-west1.firebasedatabase.app/",
    ] {
        let config = Config::parse(given).unwrap();
        assert_eq!(
            config.database_url,
            format!("https://{}", given.trim_end_matches('/'))
        );
    }
    assert!(Config::parse("firebaseio.com is where it was").is_err());
}

#[test]
fn a_path_is_percent_encoded_or_not_one() {
    for path in ["%zz", "%4", "a%"] {
        let given = format!("https://x.firebaseio.com/{path}");
        assert!(
            matches!(Config::parse(&given), Err(InvalidConfig::Path(_))),
            "{path}"
        );
    }
    assert!(Config::parse("https://x.firebaseio.com/%C3%A4").is_ok());
}
