import type { TFunction } from 'i18next'
import type { Draft } from './use-broadcasts.ts'

/** When it goes out, in a few words. */
export function saySchedule(schedule: NonNullable<Draft['schedule']>, t: TFunction, language: string): string {
  switch (schedule.kind) {
    case 'now':
      return t('broadcasts.when.now')
    case 'at':
      return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', {
        timeZone: 'Asia/Shanghai',
        month: 'numeric',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
      }).format(new Date(schedule.at))
    case 'every': {
      const on = schedule.on ?? 1
      const day =
        schedule.every === 'day'
          ? t('broadcasts.when.daily')
          : schedule.every === 'week'
            ? t('broadcasts.when.weekly', { day: t(`broadcasts.weekday.d${on as 1}`) })
            : t('broadcasts.when.monthly', { day: on })
      return `${day} ${schedule.time}`
    }
  }
}
