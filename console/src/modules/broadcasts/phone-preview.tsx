import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import chat from '../channels/form.module.css'
import { Bubble, Phone, Turn } from '../content/phone.tsx'
import { KIND_ICONS } from '../content/shot.tsx'
import { fileUrl } from '../content/use-content.ts'
import type { Draft } from './use-broadcasts.ts'

const SHOWN = 100

/** What a customer would see: the text, and what goes along with it. */
export function PhonePreview({ variant: { text = '', materialIds = [] } }: { variant: Draft['variants'][number] }) {
  const { t } = useTranslation()
  const query = { limit: SHOWN, state: 'live' } as const
  const materials =
    api.useQuery('get', '/api/materials', { params: { query } }, { staleTime: 30_000, enabled: materialIds.length > 0 })
      .data?.items ?? []
  const picked = materialIds.flatMap((id) => materials.find(({ materialId }) => materialId === id) ?? [])
  return (
    <Phone>
      {(text.trim() || picked.length === 0) && (
        <Turn>
          <Bubble text={text.trim() || t('content.preview.nothing')} />
        </Turn>
      )}
      {picked.map(({ materialId, kind, title, summary, pictureId }) => (
        <Turn key={materialId}>
          {kind === 'image' && pictureId ? (
            <img className={chat.shot} src={fileUrl(pictureId)} alt={title} />
          ) : (
            <div className={chat.linkCard}>
              <b>{title}</b>
              <span>{summary || t(`content.kind.${kind}`)}</span>
              {pictureId ? (
                <img className={chat.thumb} src={fileUrl(pictureId)} alt="" />
              ) : (
                <span className={chat.thumb}>
                  <Icon name={KIND_ICONS[kind]} size={20} />
                </span>
              )}
            </div>
          )}
        </Turn>
      ))}
    </Phone>
  )
}
