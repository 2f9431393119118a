# What the reports of both teams call things, in each of their languages. Names themselves stay as they are.
term marketing "Finds leads and brings them to the point where a call is worth it" {
  label tr "pazarlama", es "marketing", th "การตลาด", ru "маркетинг"
}
term sales "Talks to leads and closes deals" {
  label tr "satış", es "ventas", th "ฝ่ายขาย", ru "продажи"
}
term inquiry "The first stage" { label th "ผู้สนใจ", ru "запрос" }
term mql "Marketing-qualified lead" {
  label tr "pazarlamanın nitelediği aday", es "calificado por marketing", th "ผ่านเกณฑ์การตลาด",
      ru "квалифицирован маркетингом"
}
term sal "Sales-accepted lead" {
  label tr "satışın kabul ettiği aday", es "aceptado por ventas", th "ฝ่ายขายยอมรับ",
      ru "принят продажами"
}
term opportunity "An active deal" {
  label tr "fırsat", es "oportunidad", th "โอกาสการขาย", ru "сделка"
}
term won "A customer" { label tr "kazanıldı", es "ganado", th "ปิดการขายได้", ru "выиграно" }
term lost "A deal that came to nothing" {
  label tr "kaybedildi", es "perdido", th "เสียโอกาส", ru "проиграно"
}
term archived "Never a fit" { label tr "arşiv", es "archivado", th "เก็บเข้าคลัง", ru "в архиве" }
term mqls "Leads that marketing handed to sales" {
  label tr "devredilen adaylar", es "prospectos entregados", th "ลีดที่ส่งต่อ", ru "переданные лиды"
}
term sals "Leads that sales accepted" {
  label tr "kabul edilen adaylar", es "prospectos aceptados", th "ลีดที่ยอมรับ", ru "принятые лиды"
}
term opportunities "Active deals" {
  label tr "fırsatlar", es "oportunidades", th "โอกาสการขาย", ru "сделки"
}
term revenue "What was won" { label tr "ciro", es "ingresos", th "รายได้", ru "выручка" }
term follow_up "How fast sales gets in touch" {
  label tr "ilk temas süresi", es "tiempo hasta el primer contacto", th "เวลาติดต่อกลับ",
      ru "время до первого контакта"
}
term acceptance "The part of leads that sales accepts" {
  label tr "kabul oranı", es "aceptación", th "อัตราการยอมรับ", ru "доля принятых"
}
term mql_to_deal "The part of leads that become customers" {
  label tr "müşteriye dönüşüm", es "conversión en cliente", th "อัตราปิดการขาย",
      ru "конверсия в сделку"
}
term speed_to_lead "How fast sales follows up" {
  label tr "ilk temas hızı", es "rapidez de contacto", th "ความเร็วในการติดต่อ", ru "скорость реакции"
}
term fit "How well the company matches" {
  label tr "uygunluk", es "encaje", th "ความเหมาะสม", ru "соответствие"
}
term engagement "How much the lead wants to hear" {
  label tr "ilgi", es "interés", th "ความสนใจ", ru "интерес"
}
term lead_source "Where a lead came from" {
  label tr "kaynak", es "origen", th "แหล่งที่มา", ru "источник"
}
term hot_leads "Whom to call first" {
  label tr "sıcak adaylar", es "prospectos calientes", th "ลีดร้อน", ru "горячие лиды"
}
term pipeline_meeting "Both teams over their figures" {
  label tr "satış hattı toplantısı", es "reunión del embudo", th "ประชุมไปป์ไลน์",
      ru "встреча по воронке"
}
term web "The website" { label tr "web", es "web", th "เว็บไซต์", ru "сайт" }
term webinar "A webinar" { label tr "web semineri", es "seminario web", th "เว็บบินาร์", ru "вебинар" }
term referral "A partner sent it" {
  label tr "tavsiye", es "recomendación", th "แนะนำต่อ", ru "рекомендация"
}
term trade_show "A stand at a fair" { label tr "fuar", es "feria", th "งานแสดงสินค้า", ru "выставка" }
term paid_ads "An advertisement" {
  label tr "ücretli reklam", es "anuncios", th "โฆษณา", ru "реклама"
}
term social "A social network" {
  label tr "sosyal medya", es "redes sociales", th "โซเชียล", ru "соцсети"
}
term notify "Says hello" { label tr "bilgilendirme", es "aviso", th "แจ้งข่าว", ru "уведомление" }
term nurture "Keeps in touch" { label tr "besleme", es "maduración", th "ดูแลต่อเนื่อง", ru "прогрев" }
term expert  "Talks shop"     { label tr "uzman", es "expertos", th "ผู้เชี่ยวชาญ", ru "эксперты" }
