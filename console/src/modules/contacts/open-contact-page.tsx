import { useTranslation } from 'react-i18next'
import { Navigate, useParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'

/** The door for links from outside (the world page, WeCom): they know a customer by his external_userid only. */
export function OpenContactPage() {
  const { t } = useTranslation()
  const { externalUserid = '' } = useParams()
  const found = api.useQuery('get', '/api/contacts/by-external/{externalUserid}', {
    params: { path: { externalUserid } },
  })
  return (
    <Loaded
      query={found}
      what={t('nav.contacts')}
      skeleton={
        <div style={{ padding: 20 }}>
          <SkeletonBlock height={300} />
        </div>
      }
    >
      {({ contactId }) => <Navigate to={`/contacts/${contactId}`} replace />}
    </Loaded>
  )
}
