import { shorten, xmlLines } from './xml-lines.ts'

/** Values that carry the story are amber: where they came from and what opens the welcome. */
const STORY = new Set(['State', 'WelcomeCode'])

export function XmlView({ xml }: { xml: string }) {
  return (
    <pre className="code-box">
      {xmlLines(xml).map(({ depth, kind, tag, text }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one unchanging text
        <span key={at} className="code-line" style={{ paddingLeft: depth * 8 }}>
          <span className="tag-name">
            {kind === 'close' ? '</' : '<'}
            <b>{tag}</b>
            {'>'}
          </span>
          {kind === 'leaf' && (
            <>
              <span className={STORY.has(tag) ? 'story' : undefined} title={text}>
                {shorten(text)}
              </span>
              <span className="tag-name">
                {'</'}
                <b>{tag}</b>
                {'>'}
              </span>
            </>
          )}
        </span>
      ))}
    </pre>
  )
}
