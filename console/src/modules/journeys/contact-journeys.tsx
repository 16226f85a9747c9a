import { api, fetchClient } from '../../api/client.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { useCan } from '../staff/session.ts'
import type { Place } from './contract.ts'
import { PlaceRows } from './place-rows.tsx'
import { refreshJourneys } from './use-journeys.ts'

/** Of a customer's profile: the journeys he is in. Nothing for whoever may not see them. */
export function ContactJourneys({ contactId }: { contactId: string }) {
  const [may, mayWrite] = [useCan('journeys.read'), useCan('journeys.write')]
  const onError = useProblemToast()
  const places = api.useQuery(
    'get',
    '/api/contacts/{contactId}/journeys',
    { params: { path: { contactId } } },
    { enabled: may },
  )
  if (!places.data) return null
  const takeOut = async ({ journeyId }: Place) => {
    const { error } = await fetchClient.POST('/api/contacts/{contactId}/journeys/{journeyId}/leave', {
      params: { path: { contactId, journeyId } },
    })
    if (error) onError(error)
    refreshJourneys()
  }
  return <PlaceRows places={places.data.items as unknown as Place[]} onTakeOut={mayWrite ? takeOut : undefined} />
}
