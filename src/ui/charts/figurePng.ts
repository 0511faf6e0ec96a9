// An SVG as a PNG, twice as fine.
import { FIGURE_WIDTH } from './figureFrame';

const SCALE = 2;

export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = FIGURE_WIDTH * SCALE;
    canvas.height = Math.round((image.naturalHeight / image.naturalWidth) * FIGURE_WIDTH * SCALE);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the canvas gives no PNG'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
