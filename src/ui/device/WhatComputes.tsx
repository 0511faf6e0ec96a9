// What computes here, how, and why that.
import { useTranslation } from 'react-i18next';
import type { DeviceInfo } from '../../protocol/protocol';
import { GpuAdvice } from '../app/GpuAdvice';

export function WhatComputes({ device }: { readonly device: DeviceInfo }) {
  const { t } = useTranslation();
  const { kind, name, isSoftware, cpu, why } = device;
  return (
    <div className="min-w-0 max-w-prose">
      <h1 className="font-voice text-[1.5625rem] leading-snug">{kind === 'cpu' ? t('device.cpu') : name}</h1>
      {cpu ? (
        <p className="mt-1 text-soft">
          {t('device.cpuForm', { form: t(`device.form.${cpu.form}`) })}{' '}
          {t('device.threads', { count: cpu.threads, why: t(`device.threadLimit.${cpu.threadLimit}`) })}
        </p>
      ) : (
        <p className="mt-1 text-soft">{t(isSoftware ? 'device.software' : 'device.hardware')}</p>
      )}
      <p className="mt-2">
        {why.kind === 'softwareGpu'
          ? t('device.because.softwareGpu', { adapter: why.adapter })
          : t(`device.because.${why.kind}`)}
      </p>
      {(why.kind === 'noGpu' || why.kind === 'noCpu') && (
        <details className="mt-1 text-fine text-soft">
          <summary className="min-h-6">{t(why.kind === 'noGpu' ? 'device.gpuHow' : 'noDevice.detail')}</summary>
          {why.kind === 'noGpu' && <GpuAdvice />}
          <p className="mt-2 wrap-anywhere">{why.fault}</p>
        </details>
      )}
    </div>
  );
}
