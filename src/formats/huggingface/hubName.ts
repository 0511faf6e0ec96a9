const HUB_NAME = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/;

/** Whether a name is one that Hugging Face's hub gives to models: OWNER/NAME. */
export const isHubName = (name: string): boolean => HUB_NAME.test(name) && !name.includes('..');
