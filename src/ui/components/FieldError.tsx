// Why a field cannot take what it shows, under the field.

interface FieldErrorProps {
  /** undefined while there is nothing to say. */
  readonly id: string | undefined;
  readonly children: string;
}

export function FieldError({ id, children }: FieldErrorProps) {
  if (id === undefined) return null;
  return (
    <p id={id} role="alert" className="text-fine text-bad">
      {children}
    </p>
  );
}
