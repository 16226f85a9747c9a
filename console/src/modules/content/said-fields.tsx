import { Input, InputNumber } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BlockFields } from './block-fields.tsx'
import styles from './content.module.css'
import { FilePick } from './file-pick.tsx'
import { PosterDesigner } from './poster-designer.tsx'
import { SlotText } from './slot-text.tsx'
import type { Said } from './use-content.ts'

interface Props {
  said: Said
  fileName: string | undefined
  onChange: (said: Said) => void
  onFile: (file: { mediaAssetId: string; fileName: string }) => void
}

export function Line({ label, htmlFor, children }: { label: string; htmlFor?: string; children: ReactNode }) {
  return (
    <div className={styles.line}>
      <label className="soft small" htmlFor={htmlFor}>
        {label}
      </label>
      {children}
    </div>
  )
}

const WITH_SUMMARY: ReadonlySet<Said['kind']> = new Set(['link', 'article', 'pdf', 'product', 'file', 'video'])
const WITH_COVER: ReadonlySet<Said['kind']> = new Set(['link', 'article', 'pdf', 'product', 'mini_program', 'video'])

/** What a material says, by its kind. */
export function SaidFields({ said, fileName, onChange, onFile }: Props) {
  const { t } = useTranslation()
  return (
    <div className={styles.fields}>
      <Line label={t('content.field.title')} htmlFor="material-title">
        <Input
          id="material-title"
          maxLength={64}
          value={said.title}
          placeholder={t(`content.titleHint.${said.kind === 'text' ? 'text' : 'other'}`)}
          onChange={(event) => onChange({ ...said, title: event.target.value })}
        />
      </Line>
      {WITH_SUMMARY.has(said.kind) && (
        <Line label={t('content.field.summary')} htmlFor="material-summary">
          <Input.TextArea
            id="material-summary"
            autoSize={{ minRows: 1, maxRows: 4 }}
            maxLength={170}
            value={said.summary}
            onChange={(event) => onChange({ ...said, summary: event.target.value })}
          />
        </Line>
      )}
      <ContentFields said={said} fileName={fileName} onChange={onChange} onFile={onFile} />
      {WITH_COVER.has(said.kind) && (
        <Line label={t('content.field.cover')}>
          <FilePick
            accept="image"
            fileId={said.coverId ?? null}
            onDone={({ mediaAssetId }) => onChange({ ...said, coverId: mediaAssetId })}
            onClear={() => onChange({ ...said, coverId: null })}
          />
        </Line>
      )}
    </div>
  )
}

function ContentFields({ said, fileName, onChange, onFile }: Props) {
  const { t } = useTranslation()
  const web = (value: string, put: (url: string) => void) => (
    <Line label={t('content.field.url')} htmlFor="material-url">
      <Input
        id="material-url"
        placeholder="https://"
        maxLength={2048}
        value={value}
        onChange={(event) => put(event.target.value.trim())}
      />
    </Line>
  )
  switch (said.kind) {
    case 'text':
      return (
        <Line label={t('content.field.text')}>
          <SlotText
            label={t('content.field.text')}
            value={said.content.text}
            onChange={(text) => onChange({ ...said, content: { text } })}
          />
        </Line>
      )
    case 'link':
      return web(said.content.url, (url) => onChange({ ...said, content: { url } }))
    case 'article':
      return (
        <>
          <Line label={t('content.field.author')} htmlFor="material-author">
            <Input
              id="material-author"
              maxLength={40}
              value={said.content.author}
              onChange={(event) => onChange({ ...said, content: { ...said.content, author: event.target.value } })}
            />
          </Line>
          <Line label={t('content.field.body')}>
            <BlockFields
              blocks={said.content.blocks}
              onChange={(blocks) => onChange({ ...said, content: { ...said.content, blocks } })}
            />
          </Line>
        </>
      )
    case 'mini_program':
      return (
        <>
          <Line label={t('content.field.appid')} htmlFor="material-appid">
            <Input
              id="material-appid"
              placeholder="wx…"
              value={said.content.appid}
              onChange={(event) =>
                onChange({ ...said, content: { ...said.content, appid: event.target.value.trim() } })
              }
            />
          </Line>
          <Line label={t('content.field.path')} htmlFor="material-path">
            <Input
              id="material-path"
              placeholder="pages/index"
              value={said.content.page}
              onChange={(event) => onChange({ ...said, content: { ...said.content, page: event.target.value.trim() } })}
            />
          </Line>
        </>
      )
    case 'product': {
      const put = (change: Partial<typeof said.content>) =>
        onChange({ ...said, content: { ...said.content, ...change } })
      const yuan = (label: string, fen: number | null | undefined, set: (fen: number | null) => void) => (
        <InputNumber
          prefix="¥"
          min={0}
          precision={2}
          aria-label={label}
          placeholder={label}
          value={typeof fen === 'number' ? fen / 100 : null}
          onChange={(value) => set(typeof value === 'number' ? Math.round(value * 100) : null)}
        />
      )
      return (
        <>
          {web(said.content.url, (url) => put({ url }))}
          <Line label={t('content.field.price')}>
            <div className={styles.row}>
              {yuan(t('content.field.price'), said.content.priceFen, (fen) => put({ priceFen: fen ?? 0 }))}
              {yuan(t('content.field.original'), said.content.originalFen, (fen) => put({ originalFen: fen }))}
            </div>
          </Line>
          <Line label={t('content.field.productNo')} htmlFor="material-product">
            <Input
              id="material-product"
              maxLength={64}
              value={said.content.productNo}
              onChange={(event) => put({ productNo: event.target.value })}
            />
          </Line>
        </>
      )
    }
    case 'poster':
      return <PosterDesigner poster={said.content} onChange={(content) => onChange({ ...said, content })} />
    default: {
      const accept = said.kind
      return (
        <Line label={t(`content.kind.${said.kind}`)}>
          <FilePick
            accept={accept}
            fileId={said.content.fileId}
            fileName={accept === 'image' ? undefined : fileName}
            onDone={(file) => {
              onFile(file)
              const title = said.title || file.fileName.replace(/\.\w+$/, '')
              onChange({ ...said, title, content: { fileId: file.mediaAssetId } })
            }}
          />
        </Line>
      )
    }
  }
}
