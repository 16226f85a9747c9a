import { boot } from './boot.ts'

/** WeCom's client, whose SDK comes beside our own script and not after it. */
export const opening = import('../client/client.ts').then(({ openClient }) => openClient(boot))
