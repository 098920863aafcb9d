//! All that a template can reach: its own source, the files beside it, its data, the fonts.

use std::path::PathBuf;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};
use web_ui::press::{DATA, FILES, FONTS, Sheet};

/// What stays the same for all sheets.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect();
    Shared { library: LazyHash::new(Library::default()), book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});

/// The world of one sheet.
pub(super) struct World {
    main: Source,
    data: Bytes,
}

impl World {
    pub(super) fn new(sheet: &Sheet) -> Self {
        let path = VirtualPath::new(sheet.template.name).expect("a template has a plain name");
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        Self {
            main: Source::new(id, sheet.template.source.to_owned()),
            data: Bytes::new(sheet.data.to_string().into_bytes()),
        }
    }
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        let text = String::from_utf8(self.file(id)?.to_vec()).map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        let name = path.vpath().get_without_slash();
        if matches!(path.root(), VirtualRoot::Project) {
            if name == DATA {
                return Ok(self.data.clone());
            }
            if let Some((_, bytes)) = FILES.iter().find(|(known, _)| *known == name) {
                return Ok(Bytes::new(*bytes));
            }
        }
        Err(FileError::NotFound(PathBuf::from(name)))
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
