use leadpact::{source::Source, syntax};
fn main() {
    for a in std::env::args().skip(1) {
        let s = Source::new(a.clone(), std::fs::read_to_string(&a).unwrap());
        println!("=== {a}");
        print!("{}", syntax::format(&s).unwrap_or_else(|e| format!("{e:?}")));
    }
}
