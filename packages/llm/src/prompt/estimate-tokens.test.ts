import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { estimateTokens } from './estimate-tokens.js';

test.each([
  'Hello, I would like to book a table for two people tomorrow evening at seven, near the window. Is there parking?',
  'Buenas tardes, quisiera reservar una mesa para dos personas mañana por la noche a las siete, cerca de la ventana.',
  'Bonjour, je voudrais réserver une table pour deux personnes demain soir à sept heures, s’il vous plaît. Merci.',
  'Guten Tag, ich möchte für morgen Abend um sieben Uhr einen Tisch für zwei Personen reservieren, bitte am Fenster.',
  'Dzień dobry, chciałbym zarezerwować stolik dla dwóch osób na jutro wieczorem o siódmej. Czy możemy usiąść przy oknie?',
  'Merhaba, yarın akşam saat yedide iki kişilik bir masa ayırtmak istiyorum. Pencerenin yanında olabilir mi?',
  'Xin chào, tôi muốn đặt bàn cho hai người vào tối mai lúc bảy giờ. Ở gần đó có chỗ đậu xe không?',
  'Γεια σας, θα ήθελα να κλείσω ένα τραπέζι για δύο άτομα αύριο το βράδυ στις επτά.',
  'Здравствуйте, я хотел бы забронировать столик на двоих на завтра вечером, в семь часов. Можно у окна?',
  'नमस्ते, मैं कल शाम सात बजे दो लोगों के लिए एक मेज़ बुक करना चाहता हूँ। क्या खिड़की के पास जगह मिल सकती है?',
  'வணக்கம், நாளை மாலை ஏழு மணிக்கு இரண்டு பேருக்கு ஒரு மேசை முன்பதிவு செய்ய விரும்புகிறேன்.',
  'مرحبا، أود أن أحجز طاولة لشخصين مساء الغد في الساعة السابعة، بالقرب من النافذة من فضلك.',
  'שלום, אני רוצה להזמין שולחן לשניים למחר בערב בשעה שבע. אפשר ליד החלון? ויש חניה בסביבה?',
  '您好，我想预订明天晚上七点的两人座位，最好靠近窗户。请问附近有停车场吗？',
  'こんにちは。明日の夜七時に二人で予約をお願いしたいのですが、窓際の席は空いていますか。',
  '안녕하세요, 내일 저녁 일곱 시에 두 명 자리를 예약하고 싶습니다. 창가 쪽 자리로 부탁드립니다.',
])('within a quarter of o200k: %s', (text) => {
  const ratio = estimateTokens(text) / countTokens(text);
  expect(Math.abs(Math.log(ratio))).toBeLessThan(Math.log(4 / 3));
});

test('nothing has no tokens', () => {
  expect(estimateTokens('')).toBe(0);
});
