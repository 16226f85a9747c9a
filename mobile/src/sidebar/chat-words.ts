import { speak } from '../words/words.ts'

/** What is said beside groups alone. */
export const sayChat = speak({
  chat: ['客户群', 'Group chat'],
  chatUnknown: [
    '还没读到这个群，或者它不归你看。新建的群几秒后就有。',
    'It was not read yet, or it is not yours to see. A new group is here in seconds.',
  ],
  chatUnnamed: ['未命名的群', 'Unnamed group'],
  chatOwner: ['群主 {name}', 'owned by {name}'],
  chatMembers: ['群成员', 'Members'],
  chatCustomers: ['其中客户', 'Customers'],
  chatWeek: ['近 7 天', '7 days'],
  chatAlive: ['活跃度', 'Aliveness'],
  level_alive: ['活跃', 'alive'],
  level_quiet: ['一般', 'quiet'],
  level_dead: ['沉寂', 'dead'],
  chatPeople: ['群里的客户', 'Customers here'],
  chatAll: ['全部 {n} 位', 'All {n}'],
  less: ['收起', 'Less'],
  chatNobody: ['群里还没有你的客户', 'None of your customers is here yet'],
  chatMine: ['你的客户', 'yours'],
  chatOpens: ['打开内容 {n} 次', 'opened {n} times'],
  chatOrders: ['{n} 单', '{n} orders'],
  chatQuiet: ['还没有动静', 'nothing yet'],
})
