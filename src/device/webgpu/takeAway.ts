// For tests: a device that is taken away by somebody else.

/** What `open` gives, and what destroys the device that it opened. */
export async function openToTakeAway<T>(open: () => Promise<T>): Promise<{ opened: T; takeAway(): void }> {
  const { requestDevice } = GPUAdapter.prototype;
  const devices: GPUDevice[] = [];
  GPUAdapter.prototype.requestDevice = async function (like) {
    const device = await requestDevice.call(this, like);
    devices.push(device);
    return device;
  };
  try {
    const opened = await open();
    const [device] = devices;
    if (!device) throw new Error('no device was opened');
    return { opened, takeAway: () => device.destroy() };
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice;
  }
}
