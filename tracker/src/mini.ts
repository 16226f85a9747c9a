import type { Platform } from './platform.ts'
import type { Properties } from './queue.ts'
import { createTracker, type Options, type Tracker } from './tracker.ts'

/** What we use of WeChat's mini program API (developers.weixin.qq.com/miniprogram/dev/api, 2026-11). */
interface Wx {
  getStorageSync(name: string): unknown
  setStorageSync(name: string, value: string): void
  removeStorageSync(name: string): void
  request(given: {
    url: string
    method: 'POST'
    data: string
    dataType: 'text'
    header: Record<string, string>
    success(reply: { statusCode: number; data: unknown; header: Record<string, string> }): void
    fail(error: unknown): void
  }): void
  onAppHide(run: () => void): void
  onNetworkStatusChange(run: (status: { isConnected: boolean }) => void): void
}
declare const wx: Wx
declare function getCurrentPages(): { route: string }[]

/** As mini programs call it: `page` knows where it is. */
export interface MiniTracker extends Omit<Tracker, 'page'> {
  page(properties?: Properties): void
}

const platform: Platform = {
  read(name) {
    const kept = wx.getStorageSync(name)
    return typeof kept === 'string' && kept !== '' ? kept : undefined
  },
  write(name, value) {
    try {
      if (value === undefined) wx.removeStorageSync(name)
      else wx.setStorageSync(name, value)
    } catch {
      // full: this launch goes on from memory
    }
  },
  send: (url, data) =>
    new Promise((done, fail) =>
      wx.request({
        url,
        method: 'POST',
        data,
        dataType: 'text',
        header: { 'content-type': 'text/plain' },
        success: ({ statusCode: status, data: text, header }) =>
          done({ status, text: String(text), retryAfterSeconds: Number(header['Retry-After'] ?? 0) }),
        fail,
      }),
    ),
  later(run, ms) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  now: Date.now,
  // Mini programs have no synchronous source of randomness but this; ids only have to differ, they open nothing.
  makeId: () => Array.from({ length: 3 }, () => Math.random().toString(36).slice(2)).join(''),
}

/** Call it once, in `App.onLaunch`. */
export function init(options: Options): MiniTracker {
  const tracker = createTracker(platform, options)
  wx.onAppHide(() => tracker.flush(true))
  wx.onNetworkStatusChange(({ isConnected }) => isConnected && tracker.flush())
  return {
    ...tracker,
    page: (properties = {}) => tracker.page({ url: `/${getCurrentPages().slice(-1)[0]?.route ?? ''}`, ...properties }),
  }
}
