import { Button, Modal } from 'antd'
import { type ChangeEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Icon } from '../../ui/icon.tsx'
import { NotSaved } from '../../ui/states.tsx'
import styles from './contacts.module.css'

/** Bytes; the server takes a little more. */
const FILE_MAX = 4_000_000

async function readBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  // In pieces: a call takes only so many arguments.
  for (let from = 0; from < bytes.length; from += 32_768)
    text += String.fromCharCode(...bytes.subarray(from, from + 32_768))
  return btoa(text)
}

function save(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([`\uFEFF${text}`], { type: 'text/csv' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

/** Tags and fields of customers known already, from a file. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File>()
  const fields = api.useQuery('get', '/api/contact-fields', {})
  const columns = ['客户ID', '手机号', '标签', '去标签', ...(fields.data?.map(({ name }) => name) ?? [])]
  const bring = api.useMutation('post', '/api/imports', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/bulk-runs'] })
      onClose()
      void navigate('/bulk-runs')
    },
  })
  const choose = ({ target }: ChangeEvent<HTMLInputElement>) => {
    bring.reset()
    setFile(target.files?.[0])
    target.value = '' // the same file, mended, may be chosen again
  }
  const tooLarge = file !== undefined && file.size > FILE_MAX
  const go = async () => {
    if (file) bring.mutate({ body: { fileName: file.name.slice(-120), content: await readBase64(file) } })
  }
  return (
    <Modal
      open
      title={t('imports.title')}
      width={520}
      onCancel={onClose}
      footer={
        <div className={styles.noteFoot}>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
          <Button type="primary" disabled={!file || tooLarge} loading={bring.isPending} onClick={() => void go()}>
            {t('imports.go')}
          </Button>
        </div>
      }
    >
      <div className={styles.fieldsForm}>
        <p>{t('imports.why')}</p>
        <ul className={styles.rules}>
          <li>{t('imports.who')}</li>
          <li>{t('imports.columns', { columns: columns.join('、') })}</li>
          <li>{t('imports.tags')}</li>
          <li>{t('imports.rejected')}</li>
        </ul>
        <div className={styles.filePick}>
          <input ref={input} type="file" accept=".csv,.txt,text/csv" hidden onChange={choose} />
          <Button icon={<Icon name="out" size={14} />} onClick={() => input.current?.click()}>
            {t(file ? 'imports.other' : 'imports.choose')}
          </Button>
          <span className={file ? 'clip' : 'quiet'}>{file?.name ?? t('imports.format')}</span>
          <button
            type="button"
            className="textlink"
            onClick={() => save(`${t('imports.template')}.csv`, `${columns.join(',')}\r\n`)}
          >
            {t('imports.template')}
          </button>
        </div>
        {tooLarge && <p className="bad">{t('imports.tooLarge')}</p>}
        {bring.error && <NotSaved error={bring.error} title={t('imports.notStarted')} />}
      </div>
    </Modal>
  )
}
