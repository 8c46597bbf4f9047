import { PasswordInput, type PasswordInputProps } from '@mantine/core';

/** A password to be chosen, with what it has to be. */
export function NewPasswordInput({ min, ...props }: PasswordInputProps & { readonly min: number }) {
  return (
    <PasswordInput
      label="Password"
      description={`At least ${min} characters. A few words that belong to nothing are good.`}
      autoComplete="new-password"
      {...props}
    />
  );
}

/** What is wrong with a chosen password, or `null`. */
export function tooShort(password: string, min: number): string | null {
  return [...password].length < min ? `Needs at least ${min} characters.` : null;
}
