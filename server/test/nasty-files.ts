import { createCanvas } from '@napi-rs/canvas'
import { ZipFile } from 'yazl'

const box = (type: string, body: Buffer = Buffer.alloc(0)) => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
export const film = (brand = 'isom', track = 'vide') =>
  Buffer.concat([
    box('ftyp', Buffer.from(`${brand}\0\0\0\0isommp42`)),
    box('moov', box('hdlr', Buffer.from(`\0\0\0\0\0\0\0\0${track}`))),
    box('mdat', Buffer.alloc(64)),
  ])
export const pdf = (inside = '') =>
  Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog ${inside}>>\nendobj\ntrailer\n<<>>\n%%EOF\n`)
export async function zip(parts: Record<string, string | Buffer>): Promise<Buffer> {
  const file = new ZipFile()
  for (const [name, body] of Object.entries(parts)) file.addBuffer(Buffer.from(body), name)
  file.end()
  const chunks: Buffer[] = []
  for await (const chunk of file.outputStream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
/** Of an Office file. */
export const TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
export const word = (more: Record<string, string | Buffer> = {}) =>
  zip({ '[Content_Types].xml': TYPES, 'word/document.xml': '<w:document/>', ...more })
export const picture = async (format: 'png' | 'jpeg' = 'png') => {
  const canvas = createCanvas(12, 8)
  canvas.getContext('2d').fillRect(0, 0, 6, 6)
  return format === 'png' ? canvas.encode('png') : canvas.encode('jpeg')
}
const SCRIPT = '<script>steal()</script>'

/** What would do harm, or is not what it says; with the name it comes under. */
export async function nasty(): Promise<[name: string, bytes: Buffer][]> {
  const png = await picture()
  const wide = Buffer.from(png)
  wide.writeUInt32BE(60_000, 16)
  wide.writeUInt32BE(60_000, 20)
  const none = Buffer.from(png)
  none.writeUInt32BE(0, 16)
  // Says it unfolds into half a gigabyte: in the table of contents, at the uncompressed size of its last part.
  const bomb = Buffer.from(
    await zip({ '[Content_Types].xml': TYPES, 'xl/workbook.xml': '<x/>', 'xl/media/1.xml': 'x' }),
  )
  bomb.writeUInt32LE(512 * 1024 * 1024, bomb.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24)
  const renamed = Buffer.from(
    (await word({ 'aa/aa/aa/evil.txt': 'x' })).toString('latin1').replaceAll('aa/aa/aa/evil.txt', '../../../evil.txt'),
    'latin1',
  )
  return [
    ['a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a.png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a.txt', Buffer.from('<svg onload="alert(1)"/>')],
    ['a.html', Buffer.from(`<!doctype html>${SCRIPT}`)],
    ['a.txt', Buffer.from(`<!doctype html>${SCRIPT}`)],
    ['a.txt', Buffer.from(`\uFEFF  \n<html>${SCRIPT}`)],
    ['a.csv', Buffer.from(SCRIPT)],
    ['a.xml', Buffer.from('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')],
    ['a.txt', Buffer.from('<?xml version="1.0"?>')],
    ['a.js', Buffer.from('fetch("/api/session")')],
    ['a.sh', Buffer.from('#!/bin/sh\nrm -rf /')],
    ['a.txt', Buffer.from('#!/bin/sh\nrm -rf /')],
    ['a.bat', Buffer.from('@echo off\r\nformat c:')],
    ['a.txt', Buffer.from('@echo off\r\nformat c:')],
    ['a.exe', Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0', 'latin1')],
    ['a.txt', Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1')],
    ['a.pdf', Buffer.from('MZ\x90\0%PDF-1.7\n%%EOF', 'latin1')],
    ['a.elf', Buffer.from('\x7fELF\x02\x01\x01\0\0\0', 'latin1')],
    ['a.jar', await zip({ 'META-INF/MANIFEST.MF': 'Main-Class: X' })],
    ['a.docx', await zip({ 'META-INF/MANIFEST.MF': 'Main-Class: X' })],
    ['a.zip', await zip({ 'a.txt': 'x' })],
    ['a.docx', await zip({ 'word/document.xml': '<w/>' })],
    ['a.docm', await word({ 'word/vbaProject.bin': 'x' })],
    ['a.docx', await word({ 'word/vbaProject.bin': 'x' })],
    ['a.docx', await word({ 'word/embeddings/oleObject1.bin': 'x' })],
    [
      'a.xlsm',
      await zip({
        '[Content_Types].xml':
          '<Types><Default ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>',
        'xl/workbook.xml': '<x/>',
      }),
    ],
    ['a.docx', renamed],
    ['a.docx', Buffer.concat([Buffer.from('GIF89a'), await word()])],
    ['a.docx', Buffer.concat([await word(), Buffer.from(SCRIPT)])],
    ['a.docx', (await word()).subarray(0, 120)],
    ['a.xlsx', bomb],
    ['a.doc', Buffer.from('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0', 'latin1')],
    ['a.pdf', Buffer.from('%PDF-')],
    ['a.pdf', Buffer.from('%PDF-1.7 without an end')],
    ['a.pdf', pdf('/OpenAction << /S /JavaScript /JS (app.alert(1)) >> ')],
    ['a.pdf', pdf('/AA << /O << /S /Launch /F (cmd.exe) >> >> ')],
    ['a.pdf', pdf('/Names << /EmbeddedFiles 2 0 R >> /EmbeddedFile ')],
    ['a.pdf', Buffer.concat([pdf(), Buffer.from(`<html>${SCRIPT.repeat(20)}</html>`)])],
    ['a.pdf', Buffer.concat([pdf(), await zip({ 'a.class': Buffer.alloc(200) })])],
    ['a.mp4', film('qt  ')],
    ['a.mp4', film('heic')],
    ['a.mp4', film('isom', 'soun')],
    ['a.mp4', film().subarray(0, -10)],
    ['a.mp4', Buffer.concat([film(), Buffer.from(SCRIPT)])],
    ['a.mp4', Buffer.concat([film(), await zip({ 'a.txt': 'x' })])],
    ['a.mp4', Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0')), box('evil', Buffer.from(SCRIPT))])],
    ['a.mp4', Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from('ftypisom\0\0\0\0', 'latin1')])],
    ['a.gif', Buffer.from('GIF89a\x01\0\x01\0', 'latin1')],
    ['a.webp', Buffer.from('RIFF\x24\0\0\0WEBPVP8 ', 'latin1')],
    ['a.bmp', Buffer.from('BM\x36\0\0\0', 'latin1')],
    ['a.png', wide],
    ['a.png', none],
    ['a.png', png.subarray(0, 40)],
    ['a.jpg', Buffer.from('ffd8ffe000', 'hex')],
    ['a.rtf', Buffer.from('{\\rtf1\\ansi{\\object\\objocx}}')],
    ['a.txt', Buffer.from('{\\rtf1\\ansi}')],
    ['a.ps', Buffer.from('%!PS-Adobe-3.0\n(cmd) run')],
    ['a.txt', Buffer.from('a\0b')],
    ['a', Buffer.from('no ending')],
    ['', Buffer.alloc(0)],
  ]
}
