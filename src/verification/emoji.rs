//! Sixty-four pictures that look different and have one short name each.

/// One picture and what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emoji {
    pub sign: &'static str,
    pub(crate) name: &'static str,
}

const fn emoji(sign: &'static str, name: &'static str) -> Emoji {
    Emoji { sign, name }
}

/// All are one code point, shown in colour by default, and older than most devices in use (Unicode 9).
pub const EMOJI: [Emoji; 64] = [
    emoji("🐶", "dog"),
    emoji("🐱", "cat"),
    emoji("🦁", "lion"),
    emoji("🐴", "horse"),
    emoji("🐷", "pig"),
    emoji("🐘", "elephant"),
    emoji("🐰", "rabbit"),
    emoji("🐼", "panda"),
    emoji("🐓", "rooster"),
    emoji("🐧", "penguin"),
    emoji("🦉", "owl"),
    emoji("🐢", "turtle"),
    emoji("🐍", "snake"),
    emoji("🐟", "fish"),
    emoji("🐙", "octopus"),
    emoji("🦀", "crab"),
    emoji("🦋", "butterfly"),
    emoji("🐝", "bee"),
    emoji("🐌", "snail"),
    emoji("🐪", "camel"),
    emoji("🌻", "sunflower"),
    emoji("🌳", "tree"),
    emoji("🌵", "cactus"),
    emoji("🍄", "mushroom"),
    emoji("🌍", "globe"),
    emoji("🌙", "moon"),
    emoji("⭐", "star"),
    emoji("🌈", "rainbow"),
    emoji("🔥", "fire"),
    emoji("🍌", "banana"),
    emoji("🍎", "apple"),
    emoji("🍓", "strawberry"),
    emoji("🍋", "lemon"),
    emoji("🍇", "grapes"),
    emoji("🌽", "corn"),
    emoji("🥕", "carrot"),
    emoji("🧀", "cheese"),
    emoji("🍕", "pizza"),
    emoji("🎂", "cake"),
    emoji("🤖", "robot"),
    emoji("🎩", "hat"),
    emoji("👓", "glasses"),
    emoji("👑", "crown"),
    emoji("👞", "shoe"),
    emoji("☔", "umbrella"),
    emoji("⌛", "hourglass"),
    emoji("🎁", "gift"),
    emoji("💡", "light bulb"),
    emoji("📕", "book"),
    emoji("📎", "paper clip"),
    emoji("🔑", "key"),
    emoji("🔨", "hammer"),
    emoji("📞", "telephone"),
    emoji("🚂", "train"),
    emoji("🚲", "bicycle"),
    emoji("🚀", "rocket"),
    emoji("⛵", "boat"),
    emoji("⚓", "anchor"),
    emoji("🏠", "house"),
    emoji("🏆", "trophy"),
    emoji("⚽", "ball"),
    emoji("🎸", "guitar"),
    emoji("🔔", "bell"),
    emoji("🎈", "balloon"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_emoji_and_no_name_comes_twice() {
        let signs: BTreeSet<_> = EMOJI.iter().map(|emoji| emoji.sign).collect();
        let names: BTreeSet<_> = EMOJI.iter().map(|emoji| emoji.name).collect();
        assert_eq!((signs.len(), names.len()), (64, 64));
    }

    #[test]
    fn an_emoji_is_one_code_point_and_a_name_is_short() {
        for emoji in EMOJI {
            assert_eq!(emoji.sign.chars().count(), 1, "{}", emoji.name);
            assert!(emoji.name.len() <= 10, "{}", emoji.name);
        }
    }
}
