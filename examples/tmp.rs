use leadpact::{source::Source, span::FileId, syntax};
fn main() {
    for a in std::env::args().skip(1) {
        let s = Source::new(a.clone(), std::fs::read_to_string(&a).unwrap());
        let t = std::time::Instant::now();
        let p = syntax::parse(FileId(0), &s);
        println!("{a}: {} items {:?}", p.items.len(), t.elapsed());
        for d in p.diagnostics {
            let sp = d.span().unwrap();
            let (l, c) = s.position(sp.start as usize);
            println!("  {l}:{c} {} | {} | {:?} fix={:?}", d.message, d.labels[0].text, d.help, d.fix.map(|f| f.title));
        }
        if std::env::var("DUMP").is_ok() {
            println!("{:#?}", p.items);
        }
    }
}
