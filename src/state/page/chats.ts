import { ChatStore } from '../chats';
import { useAsk } from './ask';
import { preferences } from './preferences';

export const { useChats, add, judge, leaveQuestionsOut, forget, forgetAll } = new ChatStore(
  { useAsk },
  preferences,
  () => localStorage,
  Date.now,
);
