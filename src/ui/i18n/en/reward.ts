export const reward = {
  custom: { label: 'your own', help: 'What your code says of the answer. It runs in a sandbox in this browser.' },
};
