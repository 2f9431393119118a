use std::io::{self, Read};

use chardetng::EncodingDetector;
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

/// How many bytes a decision about the input may look at.
pub(super) const HEAD: usize = 64 << 10;

/// A byte that UTF-8 never has: what the decoder leaves where the input was malformed, so that exactly the rows
/// holding such a place are refused and nothing is replaced in silence.
const MALFORMED: u8 = 0xFF;

/// What the bytes are written in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) encoding: &'static Encoding,
    /// The length of the byte-order mark.
    pub(super) mark: usize,
}

/// The encoding of input that starts like `head`: the byte-order mark's; else UTF-8 when that is what the bytes
/// are; else, where `guessing` is allowed, the likeliest of the older ones.
pub(super) fn choose(head: &[u8], guessing: bool) -> Choice {
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return Choice { encoding, mark };
    }
    let encoding = if !guessing || is_utf8(head) { UTF_8 } else { guess(head) };
    Choice { encoding, mark: 0 }
}

/// Whether `head` is UTF-8, at worst with a few damaged places: older encodings hardly ever look like it by chance.
fn is_utf8(head: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let cut_by_head = head.len() >= HEAD && chunks.peek().is_none();
        bad += usize::from(!chunk.invalid().is_empty() && !cut_by_head);
    }
    bad == 0 || good > 2 * bad
}

fn guess(head: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new();
    detector.feed(head, head.len() < HEAD);
    detector.guess(None, false)
}

/// A reader that turns any encoding into UTF-8 while it reads. UTF-8 itself passes as it is.
pub(super) fn decoded(input: impl Read + Send + 'static, encoding: &'static Encoding) -> Box<dyn Read + Send> {
    if encoding == UTF_8 {
        return Box::new(input);
    }
    Box::new(Decoding {
        input,
        decoder: encoding.new_decoder_without_bom_handling(),
        encoded: vec![0; 16 << 10].into(),
        waiting: 0..0,
        ended: false,
        finished: false,
        text: Vec::with_capacity(64 << 10),
        given: 0,
    })
}

struct Decoding<R> {
    input: R,
    decoder: Decoder,
    encoded: Box<[u8]>,
    /// The part of `encoded` that the decoder has not seen.
    waiting: std::ops::Range<usize>,
    ended: bool,
    finished: bool,
    text: Vec<u8>,
    given: usize,
}

impl<R: Read> Decoding<R> {
    fn refill(&mut self) -> io::Result<()> {
        self.text.resize(64 << 10, 0);
        self.given = 0;
        let mut filled = 0;
        while filled == 0 && !self.finished {
            if self.waiting.is_empty() && !self.ended {
                let count = match self.input.read(&mut self.encoded) {
                    Ok(count) => count,
                    Err(error) => {
                        self.text.clear();
                        return Err(error);
                    }
                };
                self.waiting = 0..count;
                self.ended = count == 0;
            }
            // One byte stays free for the mark of a malformed place.
            let room = self.text.len() - 1;
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.encoded[self.waiting.clone()],
                &mut self.text[..room],
                self.ended,
            );
            self.waiting.start += read;
            filled = written;
            match result {
                DecoderResult::Malformed(..) => {
                    self.text[filled] = MALFORMED;
                    filled += 1;
                }
                DecoderResult::InputEmpty => self.finished = self.ended,
                DecoderResult::OutputFull => {}
            }
        }
        self.text.truncate(filled);
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() && !self.finished {
            self.refill()?;
        }
        let rest = &self.text[self.given..];
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{UTF_16BE, UTF_16LE};

    use super::*;

    fn text(bytes: &[u8]) -> (String, &'static str) {
        let choice = choose(bytes, true);
        let mut out = Vec::new();
        let rest = io::Cursor::new(bytes[choice.mark..].to_vec());
        decoded(rest, choice.encoding).read_to_end(&mut out).unwrap();
        (String::from_utf8(out).unwrap(), choice.encoding.name())
    }

    #[test]
    fn older_encodings_are_recognised() {
        let turkish = "Şirket;Şehir;Ülke;Yetkili kişi\nÇağdaş Gıda;İstanbul;Türkiye;Gülşah Öztürk\n\
                       Işık İnşaat;Diyarbakır;Türkiye;Ayşe Yıldız\n";
        let russian = "Компания;Город;Должность\nРога и копыта;Москва;Генеральный директор\n";
        let thai = "ชื่อ,บริษัท,เมือง\nสมชาย ใจดี,บริษัท ไทยการค้า จำกัด,กรุงเทพมหานคร\n";
        for (name, sample) in [("windows-1254", turkish), ("windows-1251", russian), ("windows-874", thai)] {
            let encoding = Encoding::for_label(name.as_bytes()).unwrap();
            let (bytes, _, lossy) = encoding.encode(sample);
            assert!(!lossy);
            assert_eq!(text(&bytes), (sample.to_owned(), name));
            assert_eq!(text(sample.as_bytes()), (sample.to_owned(), "UTF-8"));
        }
    }

    #[test]
    fn a_damaged_place_does_not_unmake_utf8() {
        let mut bytes = "ชื่อบริษัท".as_bytes().to_vec();
        bytes.push(0xFF);
        assert_eq!(choose(&bytes, true).encoding, UTF_8);
    }

    #[test]
    fn utf16_is_read_by_its_mark_and_damage_stays_visible() {
        let little = [0xFF, 0xFE, b'a', 0, 0x31, 0x01, 0x00, 0xD8, b'b', 0];
        let choice = choose(&little, false);
        assert_eq!(choice, Choice { encoding: UTF_16LE, mark: 2 });
        let mut out = Vec::new();
        decoded(io::Cursor::new(little[2..].to_vec()), choice.encoding).read_to_end(&mut out).unwrap();
        assert_eq!(out, ["aı".as_bytes(), &[MALFORMED], b"b"].concat());
        assert_eq!(choose(&[0xFE, 0xFF, 0, b'a'], false).encoding, UTF_16BE);
    }

    #[test]
    fn a_character_cut_by_the_head_is_no_damage() {
        let mut bytes = vec![b'a'; HEAD - 1];
        bytes.push("ş".as_bytes()[0]);
        assert_eq!(choose(&bytes, true).encoding, UTF_8);
    }
}
