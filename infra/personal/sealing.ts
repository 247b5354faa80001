// AES-256-GCM with the key of a person. The nonce follows from the text and its place, so that a repeat seals to the same bytes.
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { forgotten, sealedWord } from '../../domain/personal/sealed-text.ts'

export const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** `place` is unlike that of any other text sealed with the key: equal texts are then not seen to be equal. */
export const seal = (key: Uint8Array, personId: string, text: string, place: string): string => {
  const nonce = createHmac('sha256', key).update(`${place}\n${text}`).digest().subarray(0, nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(personId))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return sealedWord(personId, Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url'))
}

/** What nobody can open is read as forgotten: without the key, or cut. */
export const open = (key: Uint8Array | null, personId: string, sealed: string): string => {
  if (key === null) return forgotten
  const bytes = Buffer.from(sealed, 'base64url')
  const nonce = bytes.subarray(0, nonceBytes)
  const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(personId)).setAuthTag(tag)
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
    return text.toString('utf8')
  } catch {
    return forgotten
  }
}
