//! The database's REST protocol, as Firebase documents it. Sections are those of
//! <https://firebase.google.com/docs/reference/rest/database> ("reference"),
//! <https://firebase.google.com/docs/database/rest/save-data> ("saving") and
//! <https://firebase.google.com/docs/database/rest/retrieve-data> ("retrieving").

mod access;
mod methods;
mod queries;
mod refusals;
mod writes;
