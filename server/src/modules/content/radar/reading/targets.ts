/** Where a link of the corp leads, as a browser would read it. */
export interface Target {
  url: string
  host: string
  /** On the corp's list: its readers are not asked first. */
  isListed: boolean
}

const PRINTABLE = /^[\x21-\x7e]+$/

/**
 * Undefined for what no reader should be led to: other schemes, names and passwords before the host, backslashes that
 * browsers read as slashes, hosts that are not written as they are resolved, numbers for hosts, other ports than the web's.
 */
export function readTarget(asked: string, hosts: readonly string[]): Target | undefined {
  if (!PRINTABLE.test(asked) || asked.includes('\\') || !/^https?:\/\/[^/]/i.test(asked)) return undefined
  if (!URL.canParse(asked)) return undefined
  const url = new URL(asked)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  if (url.username !== '' || url.password !== '' || asked.slice(0, asked.indexOf(url.pathname, 8)).includes('@'))
    return undefined
  const host = url.hostname
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(host) || url.port !== '') return undefined
  return { url: url.href, host, isListed: url.protocol === 'https:' && hosts.includes(host) }
}
