import { useEffect, useRef, useState } from 'react'
import { isOffline, Refused } from '../api/ask.ts'
import type { Found, Recipient } from '../api/sidebar.ts'
import { CloseIcon, SearchIcon } from '../ui/icons.tsx'
import { SendButton } from './send-button.tsx'
import type { Sending } from './use-sending.ts'
import { say } from './words.ts'

const RECENT = 3
const FOUND_MAX = 30
const SETTLE_MS = 120

interface DockProps {
  about: Recipient
  sending: Sending
  toWhom: string
}

/** What may be sent, found where the thumb is: results grow upward, the best nearest. */
export function Dock({ about, sending, toWhom }: DockProps) {
  const [words, setWords] = useState('')
  const [kind, setKind] = useState('')
  const [recent, setRecent] = useState<readonly Found[]>([])
  const [found, setFound] = useState<readonly Found[]>()
  const [error, setError] = useState<string>()
  const turn = useRef(0)
  const q = words.trim()
  useEffect(() => {
    void about.search('', RECENT).then(
      ({ items }) => setRecent(items),
      () => setRecent([]),
    )
  }, [about])
  useEffect(() => {
    const mine = ++turn.current
    setError(undefined)
    if (q === '') return setFound(undefined)
    const timer = setTimeout(() => {
      void about.search(q, FOUND_MAX).then(
        ({ items }) => mine === turn.current && setFound(items),
        (problem: unknown) =>
          setError(isOffline(problem) ? say('offline') : problem instanceof Refused ? problem.message : say('failed')),
      )
    }, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [about, q])

  const kinds = [...new Set(found?.map((one) => one.kind))]
  const shown = (found ?? []).filter((one) => kind === '' || one.kind === kind)
  const count = (of: string) => found?.filter((one) => one.kind === of).length ?? 0
  const leave = () => {
    setWords('')
    setKind('')
  }
  return (
    <>
      {q !== '' && (
        <section className="results" aria-label={say('search')}>
          {found && (
            <p className="low">{found.length === 0 ? say('nothingFound') : say('found', { n: shown.length })}</p>
          )}
          {error && <p className="low">{error}</p>}
          <ul className="card rows">
            {shown.map((one, index) => (
              <li key={`${one.piece} ${one.id}`}>
                {one.pictureId ? (
                  <img className="thumb" src={`/api/m/media/${one.pictureId}`} alt="" loading="lazy" />
                ) : (
                  <span className="thumb">{kindWord(one.kind)}</span>
                )}
                <span className="found">
                  <Marked text={one.title} q={q} />
                  <small>
                    {kindWord(one.kind)} · {one.snippet}
                  </small>
                </span>
                <SendButton piece={one} seen={one.snippet} sending={sending} isBest={index === 0} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="dock">
        <div className="chips">
          {q === ''
            ? recent.map((one) => (
                <button
                  key={`${one.piece} ${one.id}`}
                  type="button"
                  className="chip"
                  onClick={() => sending.send(one, one.snippet)}
                >
                  <span>{one.title}</span>
                </button>
              ))
            : ['', ...kinds].map((of) => (
                <button key={of} type="button" className={of === kind ? 'chip on' : 'chip'} onClick={() => setKind(of)}>
                  <span>
                    {of === ''
                      ? `${say('allKinds')} ${found?.length ?? ''}`
                      : `${kindWord(of as Found['kind'])} ${count(of)}`}
                  </span>
                </button>
              ))}
          {q !== '' && <span className="low">{say('toWhom', { name: toWhom })}</span>}
        </div>
        <div className="search">
          <SearchIcon />
          <input
            type="search"
            enterKeyHint="search"
            value={words}
            placeholder={say('searchHint')}
            aria-label={say('searchHint')}
            data-part="search"
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && leave()}
          />
          {words !== '' && (
            <button type="button" className="round" aria-label={say('clear')} onClick={leave}>
              <CloseIcon />
            </button>
          )}
        </div>
      </div>
    </>
  )
}

const kindWord = (kind: Found['kind']) => say(`kind_${kind}`)

/** The words looked for, where they stand. */
function Marked({ text, q }: { text: string; q: string }) {
  const at = text.toLowerCase().indexOf(q.toLowerCase())
  if (at < 0) return <b>{text}</b>
  return (
    <b>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + q.length)}</mark>
      {text.slice(at + q.length)}
    </b>
  )
}
