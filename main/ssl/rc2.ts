/** The permutation of RFC 2268, made of the digits of pi. */
const PI = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);
const ROTATIONS = [1, 2, 3, 5] as const;
/** Rounds of mixing, with a mash between the groups. */
const GROUPS = [5, 6, 5] as const;
const BLOCK = 8;

/**
 * Decrypts RC2 in CBC mode with as many effective bits as the key has (RFC 2268). OpenSSL 3 has put the cipher away, but
 * keytool of Java 8 to 15 and OpenSSL 1 hide certificates behind it, which are no secret. Null when the padding is wrong.
 */
export function decryptRc2(key: Buffer, iv: Buffer, encrypted: Buffer): Buffer | null {
  if (encrypted.length === 0 || encrypted.length % BLOCK !== 0) return null;
  const words = expand(key);
  const plain = Buffer.alloc(encrypted.length);
  for (let at = 0; at < encrypted.length; at += BLOCK) {
    const before = at === 0 ? iv : encrypted.subarray(at - BLOCK, at);
    decryptBlock(words, encrypted.subarray(at, at + BLOCK)).forEach((word, i) => {
      plain.writeUInt16LE(word ^ before.readUInt16LE(2 * i), at + 2 * i);
    });
  }
  const padding = plain.at(-1) as number;
  if (padding < 1 || padding > BLOCK || plain.subarray(-padding).some((byte) => byte !== padding)) return null;
  return plain.subarray(0, -padding);
}

function expand(key: Buffer): Uint16Array {
  const bytes = Buffer.alloc(128);
  key.copy(bytes);
  const at = (i: number) => bytes[i] as number;
  const permuted = (i: number) => PI[i & 0xff] as number;
  for (let i = key.length; i < 128; i++) bytes[i] = permuted(at(i - 1) + at(i - key.length));
  bytes[128 - key.length] = permuted(at(128 - key.length));
  for (let i = 127 - key.length; i >= 0; i--) bytes[i] = permuted(at(i + 1) ^ at(i + key.length));
  return Uint16Array.from({ length: 64 }, (_, i) => bytes.readUInt16LE(2 * i));
}

function decryptBlock(words: Uint16Array, block: Buffer): Uint16Array {
  const r = Uint16Array.from({ length: 4 }, (_, i) => block.readUInt16LE(2 * i));
  const at = (i: number) => r[i & 3] as number;
  let j = 63;
  GROUPS.forEach((rounds, group) => {
    if (group > 0) for (let i = 3; i >= 0; i--) r[i] = at(i) - (words[at(i - 1) & 63] as number);
    for (let round = 0; round < rounds; round++) {
      for (let i = 3; i >= 0; i--) {
        const rotation = ROTATIONS[i] as number;
        const turned = (at(i) >>> rotation) | (at(i) << (16 - rotation));
        r[i] = turned - (words[j--] as number) - (at(i - 1) & at(i - 2)) - (~at(i - 1) & at(i - 3));
      }
    }
  });
  return r;
}
