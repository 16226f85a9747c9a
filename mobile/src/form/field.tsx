import { useId, useState } from 'react'
import { PROVINCES } from '../../../server/src/modules/content/forms/regions.ts'
import type { AnswerValue } from '../../../server/src/modules/content/forms/visible-fields.ts'
import { CloseIcon } from '../ui/icons.tsx'
import type { Field } from './boot.ts'
import { say, upload } from './send.ts'

interface Props {
  field: Field
  value: AnswerValue | undefined
  onChange: (value: AnswerValue) => void
  /** Undefined where nothing is sent: a preview. */
  visit: string | undefined
  wrong: string | undefined
}

const STARS = [1, 2, 3, 4, 5]

/** One question with whatever it takes to answer it. */
export function FieldBox(props: Props) {
  const id = useId()
  const { field, wrong } = props
  const isGroup = ['choice', 'choices', 'rating', 'file', 'region'].includes(field.kind)
  const words = (
    <>
      {field.label}
      {field.required ? <em> 必填</em> : field.hint === '' ? <small> 选填</small> : null}
      {field.hint && <small>{field.required ? ` ${field.hint}` : ` 选填，${field.hint}`}</small>}
    </>
  )
  const describe = wrong ? { 'aria-invalid': true, 'aria-describedby': `${id}-wrong` } : {}
  const answer = (
    <>
      <Answer {...props} id={id} describe={describe} />
      {wrong && (
        <p className="wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </p>
      )}
    </>
  )
  return isGroup ? (
    <fieldset className="field" id={`field-${field.key}`}>
      <legend>{words}</legend>
      {answer}
    </fieldset>
  ) : (
    <div className="field" id={`field-${field.key}`}>
      <label className="label" htmlFor={id}>
        {words}
      </label>
      {answer}
    </div>
  )
}

function Answer({ field, value, onChange, visit, id, describe }: Props & { id: string; describe: object }) {
  const text = typeof value === 'string' ? value : ''
  const many = typeof value === 'object' ? value : []
  switch (field.kind) {
    case 'choice':
    case 'choices': {
      const isMany = field.kind === 'choices'
      const short = field.options.every((option) => option.length <= 6)
      return (
        <div className={short ? 'options' : 'options long'}>
          {field.options.map((option) => {
            const on = isMany ? many.includes(option) : value === option
            const toggle = () => {
              if (!isMany) return onChange(on && !field.required ? '' : option)
              onChange(on ? many.filter((one) => one !== option) : [...many, option])
            }
            return (
              <button key={option} type="button" aria-pressed={on} onClick={toggle}>
                {option}
              </button>
            )
          })}
        </div>
      )
    }
    case 'rating':
      return (
        <div className="stars">
          {STARS.map((star) => (
            <button
              key={star}
              type="button"
              aria-pressed={value === star}
              aria-label={`${star} 颗星`}
              data-on={Number(value) >= star || undefined}
              onClick={() => onChange(star)}
            >
              ★
            </button>
          ))}
        </div>
      )
    case 'long_text':
      return (
        <textarea
          id={id}
          {...describe}
          rows={3}
          maxLength={field.max ?? 1_000}
          value={text}
          onChange={(e) => onChange(e.target.value)}
        />
      )
    case 'number':
      return (
        <input
          id={id}
          {...describe}
          inputMode="decimal"
          defaultValue={value === undefined ? '' : String(value)}
          onChange={(e) =>
            onChange(
              e.target.value.trim() === ''
                ? ''
                : Number.isNaN(Number(e.target.value))
                  ? e.target.value
                  : Number(e.target.value),
            )
          }
        />
      )
    case 'region': {
      const [province = '', city = ''] = text.split(' ')
      const put = (next: string, town: string) => onChange(next ? `${next}${town ? ` ${town}` : ''}` : '')
      return (
        <div className="pair">
          <select aria-label="省份" value={province} onChange={(e) => put(e.target.value, city)}>
            <option value="">请选择</option>
            {PROVINCES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <input
            aria-label="市"
            placeholder="市，可不填"
            maxLength={20}
            value={city}
            onChange={(e) => put(province, e.target.value.replaceAll(' ', ''))}
          />
        </div>
      )
    }
    case 'file':
      return <Files field={field} fileIds={many} onChange={onChange} visit={visit} />
    default:
      return (
        <input
          id={id}
          {...describe}
          type={field.kind === 'date' ? 'date' : field.kind === 'phone' ? 'tel' : 'text'}
          autoComplete={field.kind === 'phone' ? 'tel' : 'off'}
          maxLength={field.kind === 'phone' ? 20 : (field.max ?? 100)}
          placeholder={field.kind === 'phone' && !field.required ? '不想留可以空着' : undefined}
          value={text}
          onChange={(e) => onChange(e.target.value)}
        />
      )
  }
}

function Files({
  field,
  fileIds,
  onChange,
  visit,
}: {
  field: Field
  fileIds: readonly string[]
  onChange: (ids: string[]) => void
  visit: string | undefined
}) {
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const most = field.max ?? 1
  const add = async (file: File | undefined) => {
    if (!file || visit === undefined) return
    setBusy(true)
    setWrong('')
    try {
      onChange([...fileIds, await upload(visit, field.key, file)])
    } catch (error) {
      setWrong(say(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <ul className="files">
        {fileIds.map((fileId, nr) => (
          <li key={fileId}>
            文件 {nr + 1}
            <button
              type="button"
              aria-label={`去掉文件 ${nr + 1}`}
              onClick={() => onChange(fileIds.filter((one) => one !== fileId))}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
        {fileIds.length < most && (
          <li className="add">
            <label>
              {busy ? '正在上传…' : '选图片或 PDF'}
              <input
                type="file"
                accept="image/png,image/jpeg,application/pdf"
                disabled={busy || visit === undefined}
                onChange={(e) => void add(e.target.files?.[0])}
              />
            </label>
          </li>
        )}
      </ul>
      {wrong && (
        <p className="wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  )
}
