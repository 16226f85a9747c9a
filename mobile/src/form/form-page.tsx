import { useEffect, useRef, useState } from 'react'
import { type AnswerValue, isBlank, visibleFields } from '../../../server/src/modules/content/forms/visible-fields.ts'
import { Refused } from '../api/ask.ts'
import type { Form, Purpose } from './boot.ts'
import { FieldBox } from './field.tsx'
import { forget, keep, kept, say, submit, type Thanks, tell } from './send.ts'

interface Props {
  corp: string
  staff: string | null
  form: Form
  /** Undefined: nothing is sent from here. */
  visit: string | undefined
  preview: boolean
}

/** The form as a customer fills it in. */
export function FormPage({ corp, staff, form, visit, preview }: Props) {
  const [answers, setAnswers] = useState<Record<string, AnswerValue>>(() => (visit ? kept() : {}))
  const [consents, setConsents] = useState<Purpose[]>([])
  const [wrong, setWrong] = useState<{ key: string; why: string }>()
  const [trouble, setTrouble] = useState('')
  const [busy, setBusy] = useState(false)
  const [thanks, setThanks] = useState<Thanks>()
  const started = useRef(false)
  const trap = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (visit) void tell(visit, 'opened')
  }, [visit])

  const shown = visibleFields(form, answers)
  const put = (key: string, value: AnswerValue) => {
    const next = { ...answers, [key]: value }
    setAnswers(next)
    setWrong(undefined)
    setTrouble('')
    if (!visit) return
    const isFile = (name: string) => form.fields.some((field) => field.key === name && field.kind === 'file')
    keep(Object.fromEntries(Object.entries(next).filter(([name]) => !isFile(name))))
    if (!started.current) void tell(visit, 'started')
    started.current = true
  }
  const send = async () => {
    const missing = shown.find(({ key, required }) => required && isBlank(answers[key]))
    if (missing) {
      setWrong({
        key: missing.key,
        why: ['choice', 'choices', 'rating'].includes(missing.kind) ? '请选一个' : '请填一下',
      })
      document.getElementById(`field-${missing.key}`)?.scrollIntoView({ block: 'center', behavior: 'smooth' })
      return
    }
    if (!visit) return setThanks({ words: '这是预览，什么也没有交。', hasCode: false, codeOf: null, material: null })
    setBusy(true)
    setTrouble('')
    const given = Object.fromEntries(shown.flatMap(({ key }) => (isBlank(answers[key]) ? [] : [[key, answers[key]!]])))
    try {
      setThanks(await submit(visit, { answers: given, consents, website: trap.current?.value ?? '' }))
      forget()
      scrollTo(0, 0)
    } catch (error) {
      setTrouble(say(error))
      if (error instanceof Refused && error.code === 'form.visit_unknown') setTimeout(() => location.reload(), 2_500)
    } finally {
      setBusy(false)
    }
  }
  if (thanks)
    return <ThanksPage corp={corp} thanks={preview ? { ...thanks, words: '这是预览，什么也没有交。' } : thanks} />
  const boxes = form.consents.map(({ purpose, text }) => (
    <label key={purpose} className="consent">
      <input
        type="checkbox"
        checked={consents.includes(purpose)}
        onChange={(e) =>
          setConsents(e.target.checked ? [...consents, purpose] : consents.filter((one) => one !== purpose))
        }
      />
      <span>{text}</span>
    </label>
  ))
  const inFoot = boxes.length === 1
  return (
    <>
      <Hills />
      <main className="page">
        {preview && <p className="told">这是预览，填了不会交。</p>}
        <By corp={corp} staff={staff} />
        <h1>{form.title}</h1>
        {form.intro && <p className="intro">{form.intro}</p>}
        {shown.map((field) => (
          <FieldBox
            key={field.key}
            field={field}
            value={answers[field.key]}
            visit={visit}
            wrong={wrong?.key === field.key ? wrong.why : undefined}
            onChange={(value) => put(field.key, value)}
          />
        ))}
        <label className="trap" aria-hidden="true">
          网站
          <input ref={trap} tabIndex={-1} autoComplete="off" />
        </label>
        {!inFoot && boxes.length > 0 && (
          <section className="consents" aria-label="您同意的事">
            {boxes}
            <p className="quiet">都可以不勾，不勾也能交。</p>
          </section>
        )}
        <p className="privacy">
          <Lock />
          <span>{form.privacy}</span>
        </p>
      </main>
      <footer className="foot">
        {inFoot && boxes}
        {trouble && (
          <p className="wrong" role="alert">
            {trouble}
          </p>
        )}
        <button type="button" className="solid" disabled={busy} onClick={() => void send()}>
          {busy ? '正在交…' : form.action}
        </button>
      </footer>
    </>
  )
}

export function By({ corp, staff }: { corp: string; staff: string | null }) {
  return (
    <p className="by">
      <i aria-hidden="true">{[...corp][0]}</i>
      <b>{staff ? `${corp}・${staff}` : corp}</b>
    </p>
  )
}

function ThanksPage({ corp, thanks: { words, hasCode, codeOf, material } }: { corp: string; thanks: Thanks }) {
  return (
    <>
      <Hills />
      <main className="page thanks" role="status">
        <By corp={corp} staff={null} />
        <h1>{words}</h1>
        {hasCode && (
          <figure>
            <img
              src={`${location.pathname.replace(/\/$/, '')}/qr.png`}
              alt={codeOf ? `${codeOf}的二维码` : '二维码'}
              width="220"
              height="220"
            />
            <figcaption>{codeOf ? `长按识别，加上${codeOf}，有事随时问` : '长按识别二维码'}</figcaption>
          </figure>
        )}
        {material && (
          <a className="next" href={material.path}>
            看看《{material.title}》
          </a>
        )}
      </main>
    </>
  )
}

export const Hills = () => (
  <svg className="hills" viewBox="0 0 390 84" preserveAspectRatio="none" aria-hidden="true">
    <path fill="var(--hill-2)" d="M0 34C40 12 74 10 118 34c40 22 76 8 112-12 50-28 104-16 160 10v52H0z" />
    <path fill="var(--hill-3)" d="M0 62c60-36 104-4 150-6 54-2 62-40 128-30 56 8 74 30 112 34v24H0z" />
    <path fill="var(--hill-4)" d="M0 64c70-16 116 8 190 6 74-2 130-18 200-8v22H0z" />
  </svg>
)
const Lock = () => (
  <svg
    width="14"
    height="14"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.4"
    aria-hidden="true"
  >
    <rect x="3" y="7" width="10" height="6.5" rx="1.4" />
    <path d="M5.3 7V5a2.7 2.7 0 0 1 5.4 0v2M8 9.6v1.4" />
  </svg>
)
