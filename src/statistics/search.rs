//! Finding something in a raw report.

use super::report::Report;

/// One member of one entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) member: String,
}

/// What was found; `rows` are the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) rows: Vec<Row>,
    pub(crate) total: usize,
}

/// The members in whose entry’s type or id, name or value every word of `query` occurs, small and
/// capital letters alike. At most `limit` rows.
pub(crate) fn find(report: &Report, query: &str, limit: usize) -> Found {
    let words: Vec<_> = query.split_whitespace().map(str::to_lowercase).collect();
    let mut found = Found::default();
    for stat in report.iter() {
        let entry = format!("{} {}", stat.kind(), stat.id()).to_lowercase();
        for (member, value) in stat.members() {
            let hit = words.iter().all(|word| {
                entry.contains(word)
                    || member.to_lowercase().contains(word)
                    || value.to_string().to_lowercase().contains(word)
            });
            if !hit {
                continue;
            }
            found.total += 1;
            if found.rows.len() < limit {
                found.rows.push(Row {
                    kind: stat.kind().to_owned(),
                    id: stat.id().to_owned(),
                    member: member.to_string(),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testdata::chromium;
    use super::*;

    #[test]
    fn words_are_sought_in_type_name_and_value() {
        let report = &chromium().local[0].stats;
        let all = find(report, "", 5);
        assert_eq!(all.rows.len(), 5);
        assert!(all.total > 200);
        let found = find(report, "OUTBOUND framewidth", 200);
        assert_eq!((found.total, &*found.rows[0].member), (1, "frameWidth"));
        let found = find(report, "srtp aes128", 200);
        assert_eq!(found.rows[0].member, "srtpCipher");
        assert_eq!(find(report, "nothing-like-it", 200), Found::default());
    }
}
