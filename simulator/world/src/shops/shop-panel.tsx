import { type FormEvent, useState } from 'react'
import type { Pushed, PushPlan } from '../../../src/shops/push.ts'
import type { ShopPlatform } from '../../../src/shops/shapes.ts'
import { ControlError, sendControl } from '../control-api.ts'
import { useStored } from '../ui/use-stored.ts'

const NAMES: Readonly<Record<ShopPlatform, string>> = {
  youzan: '有赞',
  taobao: '淘宝/天猫',
  jd: '京东',
  'wechat-shop': '微信小店',
  weimob: '微盟',
}

/** A make-believe shop: pushes a day of orders to the address the console gave, as its platform would, with faults if wanted. */
export function ShopPanel() {
  const [address, setAddress] = useStored('shop-address', '')
  const [said, setSaid] = useState<string>()
  const [busy, setBusy] = useState(false)
  const push = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const text = (name: string) => String(given.get(name) ?? '').trim()
    const plan: PushPlan = {
      platform: text('platform') as ShopPlatform,
      url: address.trim(),
      appKey: text('appKey'),
      secret: text('secret'),
      seed: Number(text('seed')),
      orders: Number(text('orders')),
      faults: {
        repeat: given.has('repeat') ? 0.5 : 0,
        shuffle: given.has('shuffle'),
        delayMs: given.has('delay') ? 300 : 0,
        forge: given.has('forge') ? 0.2 : 0,
      },
    }
    setBusy(true)
    try {
      const { sent, taken, refused } = await sendControl<Pushed>('POST', '/shops/push', plan)
      setSaid(`推了 ${sent} 次，收下 ${taken} 次，没收 ${refused} 次`)
    } catch (error) {
      setSaid(error instanceof ControlError ? error.message : '没有推出去')
    } finally {
      setBusy(false)
    }
  }
  return (
    <details className="shop-panel">
      <summary className="button small">店铺</summary>
      <form onSubmit={(event) => void push(event)}>
        <p className="control-label">扮一家店铺，把订单推给控制台「设置 › 店铺接入」给的地址</p>
        <label>
          平台
          <select name="platform">
            {Object.entries(NAMES).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          推送地址
          <input
            value={address}
            onChange={({ target }) => setAddress(target.value)}
            required
            placeholder="http://127.0.0.1…"
          />
        </label>
        <label>
          AppKey
          <input name="appKey" autoComplete="off" />
        </label>
        <label>
          密钥
          <input name="secret" type="password" required autoComplete="off" />
        </label>
        <label>
          几笔订单
          <input name="orders" type="number" min={1} max={200} defaultValue={20} required />
        </label>
        <label>
          第几批（同一批每次都一样）
          <input name="seed" type="number" min={0} max={1_000_000} defaultValue={1} required />
        </label>
        <div className="shop-faults">
          {[
            ['repeat', '重复'],
            ['shuffle', '乱序'],
            ['delay', '延迟'],
            ['forge', '假签名'],
          ].map(([name, label]) => (
            <label key={name} className="tick">
              <input type="checkbox" name={name} /> {label}
            </label>
          ))}
        </div>
        <button type="submit" className="button small" disabled={busy}>
          {busy ? '正在推…' : '推送'}
        </button>
        {said && <p role="status">{said}</p>}
      </form>
    </details>
  )
}
