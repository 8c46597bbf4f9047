import { Input, SegmentedControl } from '@mantine/core';
import { useId } from '@mantine/hooks';
import classes from './webhook-form.module.css';

export interface SegmentedFieldProps<Id extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: Id; readonly label: string }[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  /** What the chosen one means. */
  readonly description?: string | undefined;
  readonly error?: string | undefined;
}

/** One of a few, all in view. */
export function SegmentedField<Id extends string>(props: SegmentedFieldProps<Id>) {
  const { label, options, value, onChange, description, error } = props;
  const id = useId();
  return (
    <Input.Wrapper
      id={id}
      label={label}
      labelElement="div"
      description={description}
      error={error}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    >
      <div className={classes.segments}>
        <SegmentedControl
          aria-labelledby={`${id}-label`}
          data={options.map((option) => ({ value: option.id, label: option.label }))}
          value={value}
          onChange={(chosen) => onChange(chosen as Id)}
          withItemsBorders={false}
          classNames={{ input: classes.segment ?? '' }}
        />
      </div>
    </Input.Wrapper>
  );
}
