import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { languageOf, sayMoment } from '../../ui/time-words.ts'
import { WhyPanel } from '../segments/why-panel.tsx'
import { useAutoTags } from './use-auto-tags.ts'

interface Props {
  contactId: string
  tagName: string
  provenance: { ruleId: string; segmentId: string }
}

/** Of a tag a rule put: until when it stays if nothing else happens, and the way to why. */
export function RuleStory({ contactId, tagName, provenance: { ruleId, segmentId } }: Props) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const [isOpen, setOpen] = useState(false)
  const path = { segmentId, contactId }
  const why = api.useQuery('get', '/api/segments/{segmentId}/why/{contactId}', { params: { path } }, { retry: false })
  const list = useAutoTags()
  if (!why.data && !why.error) return <span className="quiet">…</span>
  if (!list.data) return <span className="quiet">…</span>
  const rule = list.data.groups.flatMap((group) => group.rules).find((one) => one.ruleId === ruleId)
  if (!why.data || !rule) return <span className="quiet">{t('autoTags.ruleGone')}</span>
  const { inside, until } = why.data
  const stays = !rule.on ? t('autoTags.ruleOff') : rule.keep ? t('autoTags.kept') : undefined
  return (
    <>
      <span>
        {stays ??
          (inside && until
            ? t('autoTags.untilIfQuiet', { at: sayMoment(new Date(until), now, languageOf(i18n)) })
            : t(inside ? 'autoTags.untilEvent' : 'autoTags.notHolding'))}
      </span>{' '}
      <Button type="link" size="small" onClick={() => setOpen(true)}>
        {t('segments.why')}
      </Button>
      <Drawer
        open={isOpen}
        onClose={() => setOpen(false)}
        title={tagName}
        size={420}
        destroyOnHidden
        extra={<Link to={`/auto-tags/${ruleId}`}>{t('autoTags.openRule')}</Link>}
      >
        <WhyPanel segmentId={segmentId} contactId={contactId} />
      </Drawer>
    </>
  )
}
