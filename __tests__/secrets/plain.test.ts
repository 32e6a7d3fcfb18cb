import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isPlain } from '../../src/secrets/plain.js'

describe('isPlain', () => {
  it.each([
    'short',
    'localhost',
    'localhost:8080',
    'production',
    'application/json; charset=utf-8',
    'hello world, this is a text',
    'my-service-name',
    'getElementById',
    'HTTPServerError',
    'DATABASE_URL',
    'OpenSSL',
    '# X.509v3 extensions to use:',
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    '/usr/bin/python3.11',
    './node_modules/.bin',
    'x86_64-linux-gnu',
    'db.internal.example.com',
    'https://www.example.com/docs/index.html',
    'http://localhost:8080/api/v1',
    '1700000000000',
    '3.14159265358',
    '0x00007fff',
    'v1.22.333-rc1',
    '1.2.3~deb12u1',
    '192.168.100.200',
    '10.0.0.0/16',
    '127.0.0.1:8080',
    'fe80::1:2:3',
    '2024-11-24',
    '2024-11-24T20:11:40.123Z',
    '2024-11-24 20:11:40 +0000',
    'Tue, 24 Nov 2026 20:11:40 GMT',
    'Nov 24 20:11:40',
    '-----BEGIN CERTIFICATE-----',
    '--------------------',
    '00000000000000000000',
    'abababababababab',
    'Привет, мир всем',
    '日本語日本語'
  ])('%j is plain', (text) => {
    expect(isPlain(Buffer.from(text))).toBe(true)
  })

  it.each([
    's3cr3t-p4ssw0rd',
    'Summer2024!',
    'hunter2hunter2',
    'xkqjzwvpfbtz',
    'kJhGfDsQwRtZ',
    'the password is x9Yz8Wv7Ut6S',
    'the key: a1b2 c3d4',
    'AKIAIOSFODNN7EXAMPLE',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    '9f86d081884c7d659a2feaa0c55ad015',
    '550e8400-e29b-41d4-a716-446655440000',
    'postgres://app:swordfish@db/app',
    'https://hooks.example.com/services/T0A1B2C3D/x9Yz8Wv7Ut6S',
    '4539148803436467',
    '4539 1488 0343 6467',
    '078-05-1120',
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
    'pa$$w0rd&more'
  ])('%j is not', (text) => {
    expect(isPlain(Buffer.from(text))).toBe(false)
  })

  it('judges bytes that are no text by their information', () => {
    expect(isPlain(Buffer.from([255, 254, 253, 252, 251, 250, 249, 248]))).toBe(false)
    expect(isPlain(Buffer.from([255, 254, 255, 254, 255, 254, 255, 254]))).toBe(true)
  })

  it('does not call random keys plain', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (bytes) => {
        fc.pre(new Set(bytes).size > 12)
        expect(isPlain(Buffer.from(Buffer.from(bytes).toString('base64url')))).toBe(false)
      })
    )
  })

  it.each(['1.2.', '1.2-a', 'a ', ':', 'A', '-', '1', ' Jan ', 'x@', 'http://a'])(
    'is quick for a mebibyte of %j, whatever follows',
    (unit) => {
      const start = performance.now()
      isPlain(Buffer.from(`${unit.repeat(2 ** 20 / unit.length)}\u{1f600}`))
      isPlain(Buffer.from(`${unit.repeat(40 / unit.length)}!`))
      expect(performance.now() - start).toBeLessThan(2000)
    }
  )
})
