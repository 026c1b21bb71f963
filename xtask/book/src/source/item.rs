//! Where an item is in a file of Rust.

use syn::spanned::Spanned;
use syn::{ImplItem, Item, ItemImpl, TraitItem, Type};

use super::Lines;

/// All items of this name, `::` between a type or module and what is in it.
pub(super) fn find(file: &syn::File, name: &str) -> Vec<Lines> {
    let segments: Vec<_> = name.split("::").collect();
    in_items(&file.items, &segments)
}

fn in_items(items: &[Item], segments: &[&str]) -> Vec<Lines> {
    match segments {
        [] => Vec::new(),
        [name] => {
            let named = items.iter().filter(|item| is_named(item, name));
            named.map(lines).collect()
        }
        [first, rest @ ..] => {
            let found = items.iter().flat_map(|item| match item {
                Item::Mod(module) if module.ident == first => {
                    let inside = module.content.as_ref();
                    inside.map_or(Vec::new(), |(_, items)| in_items(items, rest))
                }
                Item::Trait(item) if item.ident == first => in_trait(&item.items, rest),
                Item::Impl(item) if self_name(item).as_deref() == Some(*first) => {
                    in_impl(&item.items, rest)
                }
                _ => Vec::new(),
            });
            found.collect()
        }
    }
}

fn in_impl(items: &[ImplItem], segments: &[&str]) -> Vec<Lines> {
    let named = items.iter().filter(|item| match item {
        ImplItem::Fn(item) => segments == [item.sig.ident.to_string()],
        ImplItem::Const(item) => segments == [item.ident.to_string()],
        ImplItem::Type(item) => segments == [item.ident.to_string()],
        _ => false,
    });
    named.map(lines).collect()
}

fn in_trait(items: &[TraitItem], segments: &[&str]) -> Vec<Lines> {
    let named = items.iter().filter(|item| match item {
        TraitItem::Fn(item) => segments == [item.sig.ident.to_string()],
        TraitItem::Const(item) => segments == [item.ident.to_string()],
        TraitItem::Type(item) => segments == [item.ident.to_string()],
        _ => false,
    });
    named.map(lines).collect()
}

fn is_named(item: &Item, name: &str) -> bool {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Mod(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Macro(item) => match &item.ident {
            Some(ident) => ident,
            None => return false,
        },
        Item::Impl(item) => return impl_name(item).as_deref() == Some(name),
        _ => return false,
    };
    ident == name
}

/// `impl Pair` or `impl Drop for Pair`, without what either is generic over.
fn impl_name(item: &ItemImpl) -> Option<String> {
    let of = self_name(item)?;
    Some(match &item.trait_ {
        Some((_, path, _)) => format!("impl {} for {of}", path.segments.last()?.ident),
        None => format!("impl {of}"),
    })
}

fn self_name(item: &ItemImpl) -> Option<String> {
    match &*item.self_ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn lines(item: &impl Spanned) -> Lines {
    let span = item.span();
    Lines {
        first: span.start().line,
        last: span.end().line,
    }
}
