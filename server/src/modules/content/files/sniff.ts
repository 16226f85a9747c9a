import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import { FileRefused } from '../errors.ts'
import type { FileKind } from './schema.ts'

export interface Sniffed {
  kind: Exclude<FileKind, 'image'>
  mime: string
  extension: string
}

const OFFICE = 'application/vnd.openxmlformats-officedocument'
/** By the part a document cannot be without. */
const OFFICE_PARTS: Readonly<Record<string, Sniffed>> = {
  'word/document.xml': { kind: 'file', mime: `${OFFICE}.wordprocessingml.document`, extension: 'docx' },
  'xl/workbook.xml': { kind: 'file', mime: `${OFFICE}.spreadsheetml.sheet`, extension: 'xlsx' },
  'ppt/presentation.xml': { kind: 'file', mime: `${OFFICE}.presentationml.presentation`, extension: 'pptx' },
}
const PDF: Sniffed = { kind: 'file', mime: 'application/pdf', extension: 'pdf' }
const MP4: Sniffed = { kind: 'video', mime: 'video/mp4', extension: 'mp4' }
/** Texts look alike: which one it is, its name says. */
const TEXTS: Readonly<Record<string, string>> = { txt: 'text/plain', csv: 'text/csv', md: 'text/markdown' }

export const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  ...Object.fromEntries([PDF, MP4, ...Object.values(OFFICE_PARTS)].map(({ mime, extension }) => [mime, extension])),
  ...Object.fromEntries(Object.entries(TEXTS).map(([extension, mime]) => [mime, extension])),
}

const refuse = (why: string): never => {
  throw new FileRefused({ why })
}

/**
 * What the bytes say a file is, every part of it accounted for: a second format hidden before, behind or between is
 * refused, and so is what runs by itself (macros, scripts, launches). Pictures are judged in check-picture.ts.
 */
export async function sniff(bytes: Buffer, name: string): Promise<Sniffed> {
  if (bytes.length < 6) return refuse('它是空的')
  const head = bytes.subarray(0, 8).toString('latin1')
  if (head.slice(4) === 'ftyp') return sniffVideo(bytes)
  if (head.startsWith('%PDF-')) return sniffPdf(bytes)
  if (head.startsWith('PK')) return sniffOffice(bytes)
  if (head === '\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1') return refuse('是旧版 Office 格式，请另存为 docx、xlsx 或 pptx')
  return sniffText(bytes, name)
}

const BRANDS = /^(isom|iso[2-9]|mp4[12]|avc1|M4V |M4VP|MSNV|dash|mmp4|f4v )$/
const BOXES: ReadonlySet<string> = new Set(
  'ftyp moov mdat free skip wide uuid meta udta moof mfra sidx styp pdin ssix prft emsg'.split(' '),
)

/** Walks the boxes (ISO/IEC 14496-12): they must fill the file exactly, and one must hold a picture track. */
function sniffVideo(bytes: Buffer): Sniffed {
  if (!BRANDS.test(bytes.subarray(8, 12).toString('latin1'))) refuse('视频不是 MP4')
  let shows = false
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) return refuse('视频不完整')
    const type = bytes.subarray(at + 4, at + 8).toString('latin1')
    let size = bytes.readUInt32BE(at)
    if (size === 1) size = at + 16 <= bytes.length ? Number(bytes.readBigUInt64BE(at + 8)) : 0
    else if (size === 0) size = bytes.length - at
    if (!BOXES.has(type) || size < 8 || at + size > bytes.length) return refuse('视频不完整，或夹带了别的内容')
    if (type === 'moov') shows ||= bytes.subarray(at, at + size).includes('vide')
    at += size
  }
  return shows ? MP4 : refuse('里面没有画面')
}

const PDF_TAIL = 2_048
const PDF_AFTER_MAX = 64
/** What opens or runs something by itself (ISO 32000-2, 12.6). */
const PDF_DEEDS = ['/JavaScript', '/Launch', '/EmbeddedFile', '/RichMedia']

function sniffPdf(bytes: Buffer): Sniffed {
  if (!/^%PDF-[12]\.\d/.test(bytes.subarray(0, 8).toString('latin1'))) return refuse('PDF 打不开')
  const tail = bytes.subarray(-PDF_TAIL)
  const end = tail.lastIndexOf('%%EOF')
  if (end < 0 || tail.length - end > '%%EOF'.length + PDF_AFTER_MAX) return refuse('PDF 不完整，或后面夹带了别的内容')
  if (PDF_DEEDS.some((deed) => bytes.includes(deed))) return refuse('PDF 里有脚本、附件或会自己打开的东西')
  return PDF
}

const PARTS_MAX = 5_000
const UNPACKED_MAX = 300 * 1024 * 1024
const TYPES_MAX = 512 * 1024

async function sniffOffice(bytes: Buffer): Promise<Sniffed> {
  const document = await readParts(bytes).catch((error) => {
    if (error instanceof FileRefused) throw error
    return refuse('压缩包打不开')
  })
  return document ?? refuse('是压缩包，客户在微信里打不开')
}

/** Reads the table of contents and the list of types; no part is unpacked but that list. */
async function readParts(bytes: Buffer): Promise<Sniffed | undefined> {
  if (bytes.readUInt32LE(0) !== 0x04034b50) return undefined // something stands before the first part
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    ),
  )
  if (zip.entryCount > PARTS_MAX) refuse('里面的部件太多')
  let found: Sniffed | undefined
  let types: string | undefined
  let unpacked = 0
  for await (const entry of entriesOf(zip)) {
    unpacked += entry.uncompressedSize
    if (unpacked > UNPACKED_MAX) refuse('解开后太大')
    if (/vbaProject|\.bin$/i.test(entry.fileName) && !/printerSettings/i.test(entry.fileName))
      refuse('里面有宏或嵌入的程序')
    found ??= OFFICE_PARTS[entry.fileName]
    if (entry.fileName === '[Content_Types].xml') types = await readPart(zip, entry)
  }
  if (found && types && /macroEnabled|vbaProject/i.test(types)) refuse('里面有宏')
  return types === undefined ? undefined : found
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      const settle = (act: () => void) => {
        zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
        act()
      }
      zip.once('entry', (read: Entry) => settle(() => resolve(read)))
      zip.once('end', () => settle(() => resolve(undefined)))
      zip.once('error', (error: Error) => settle(() => reject(error)))
      zip.readEntry()
    })
    if (!entry) return
    yield entry
  }
}

async function readPart(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > TYPES_MAX) refuse('打不开')
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > TYPES_MAX) refuse('打不开')
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A text has none of these but tabs, breaks and pages; a program has many. */
const UNWRITTEN = /(?![\t\n\r\f])\p{Cc}/u
const MARKUP = /^\s*(<|#!|@echo|MZ|GIF8|RIFF|BM|\{\\rtf|%!PS)/i

function sniffText(bytes: Buffer, name: string): Sniffed {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const mime = TEXTS[extension]
  if (!mime) return refuse('看不出它是什么文件')
  const text = decode(bytes)
  if (text === undefined || UNWRITTEN.test(text) || MARKUP.test(text.replace(/^\uFEFF/, '')))
    return refuse('它不是文本')
  return { kind: 'file', mime, extension }
}

function decode(bytes: Buffer): string | undefined {
  for (const encoding of ['utf-8', 'gbk']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // the other one, perhaps
    }
  }
  return undefined
}
