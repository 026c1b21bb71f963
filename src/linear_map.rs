//! A map of few entries, in the order in which they were first put in. For some dozen people, looking at
//! each is as fast as a tree, and it is a tenth of the code that a browser has to load.

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinearMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for LinearMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> LinearMap<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.0
            .iter()
            .find(|(there, _)| there == key)
            .map(|(_, value)| value)
    }

    /// In the place of what was there for this key.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.0.iter_mut().find(|(there, _)| *there == key) {
            Some((_, there)) => *there = value,
            None => self.0.push((key, value)),
        }
    }

    /// The value for this key; a new one where there was none.
    pub(crate) fn get_or_default(&mut self, key: &K) -> &mut V
    where
        K: Clone,
        V: Default,
    {
        let at = self.0.iter().position(|(there, _)| there == key);
        let at = at.unwrap_or_else(|| {
            self.0.push((key.clone(), V::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    pub(crate) fn retain(&mut self, mut keeps: impl FnMut(&K, &V) -> bool) {
        self.0.retain(|(key, value)| keeps(key, value));
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_value_of_each_key_is_kept_in_the_first_place() {
        let mut map = LinearMap::default();
        for (key, value) in [("a", 1), ("b", 2), ("a", 3)] {
            map.insert(key, value);
        }
        assert_eq!((map.get(&"a"), map.get(&"c")), (Some(&3), None));
        assert_eq!(map.keys().collect::<Vec<_>>(), [&"a", &"b"]);
        *map.get_or_default(&"b") += 1;
        *map.get_or_default(&"c") += 1;
        assert_eq!((map.get(&"b"), map.get(&"c")), (Some(&3), Some(&1)));
        map.retain(|key, _| *key == "b");
        assert_eq!(map.keys().collect::<Vec<_>>(), [&"b"]);
        map.retain(|_, _| false);
        assert!(map.is_empty());
    }
}
