//! Compressed copies beside the files of the bundle, for servers that send them as they are.

use std::{
    fs,
    io::Write,
    num::NonZero,
    panic::resume_unwind,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::{
    error::{Context, Result},
    freshness::collect,
};

const EXTENSIONS: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "xml"];

/// Writes `name.br` and `name.gz` beside each file that shrinks, on all processors.
pub(crate) fn precompress(dist: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    files.retain(|file| is_text_or_wasm(file));
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            precompress_file(file)?;
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let done = running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.collect()
    })
}

fn precompress_file(file: &Path) -> Result<()> {
    let content = fs::read(file).context(format!("{} cannot be read", file.display()))?;
    write_if_smaller(&with_suffix(file, "br"), &content, &brotli(&content)?)?;
    write_if_smaller(&with_suffix(file, "gz"), &content, &gzip(&content)?)
}

/// `app.js` becomes `app.js.br`.
pub(crate) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn is_text_or_wasm(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}

fn write_if_smaller(file: &Path, content: &[u8], compressed: &[u8]) -> Result<()> {
    if compressed.len() >= content.len() {
        return Ok(());
    }
    fs::write(file, compressed).context(format!("{} cannot be written", file.display()))
}

/// At the highest quality: it is done once and downloaded often.
fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters).context("brotli")?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).context("gzip")?;
    encoder.finish().context("gzip")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    const TEXT: &[u8] = b"a tour, a tour, a tour, a tour, a tour, a tour, a tour, a tour";

    #[test]
    fn what_is_compressed_can_be_read_again() {
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli(TEXT).unwrap(), &mut plain).unwrap();
        assert_eq!(plain, TEXT);

        let mut plain = Vec::new();
        let compressed = gzip(TEXT).unwrap();
        flate2::read::GzDecoder::new(&*compressed)
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, TEXT);
    }

    #[test]
    fn only_what_can_shrink_is_compressed() {
        assert!(is_text_or_wasm(Path::new("dist/app-1a2b_bg.wasm")));
        assert!(!is_text_or_wasm(Path::new("dist/picture.png")));
        assert!(!is_text_or_wasm(Path::new("dist/app.js.br")));
    }

    #[test]
    fn the_suffix_is_added_not_exchanged() {
        assert_eq!(
            with_suffix(Path::new("dist/app.js"), "br"),
            Path::new("dist/app.js.br")
        );
    }
}
