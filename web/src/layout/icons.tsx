import type { ReactNode } from 'react';

/** Small line icons, drawn here so that no icon font or package has to be loaded. They say nothing by themselves. */
function icon(name: string, drawing: ReactNode) {
  function Icon() {
    return (
      <svg
        width="18"
        height="18"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {drawing}
      </svg>
    );
  }
  Icon.displayName = name;
  return Icon;
}

/** A bell. */
export const AlertsIcon = icon('AlertsIcon', <path d="M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15L6 16zM10 21h4" />);
/** A rubber. */
export const ErasureIcon = icon('ErasureIcon', <path d="M9 20h11M14 5l6 6-8 9H8l-4-4 10-11zM8.5 11l6 6" />);
/** A hook on a wire. */
export const WebhooksIcon = icon(
  'WebhooksIcon',
  <>
    <circle cx="12" cy="6" r="3" />
    <circle cx="5.5" cy="17" r="3" />
    <circle cx="18.5" cy="17" r="3" />
    <path d="M10.6 8.7 7 14.4M13.4 8.7l3.6 5.7M8.5 17h7" />
  </>,
);
export const DeliveriesIcon = icon('DeliveriesIcon', <path d="M4 7h9M4 12h12M4 17h7M16 8l4 4-4 4" />);
export const SearchIcon = icon(
  'SearchIcon',
  <>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5" />
  </>,
);
export const NumbersIcon = icon(
  'NumbersIcon',
  <>
    <rect x="6.5" y="2.5" width="11" height="19" rx="2.5" />
    <path d="M11 18.5h2" />
  </>,
);
export const KeysIcon = icon(
  'KeysIcon',
  <>
    <circle cx="8" cy="15.5" r="4.5" />
    <path d="M11.3 12.2 20 3.5M16 7.5l3 3" />
  </>,
);
/** A gauge. */
export const LimitsIcon = icon(
  'LimitsIcon',
  <>
    <path d="M4 17a8.5 8.5 0 1 1 16 0" />
    <path d="m12 14 4-5" />
  </>,
);
export const PeopleIcon = icon(
  'PeopleIcon',
  <>
    <circle cx="9" cy="8" r="3.5" />
    <path d="M2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5M15.5 5a3.2 3.2 0 0 1 0 6M18 15c2 .7 3.2 2.4 3.5 5" />
  </>,
);
export const AuditIcon = icon('AuditIcon', <path d="M6 3h9l4 4v14H6zM15 3v4h4M9.5 12h6M9.5 16h6" />);
export const GuidesIcon = icon(
  'GuidesIcon',
  <path d="M12 6c-2-1.5-5-2-8.5-2v14c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4C17 4 14 4.5 12 6zM12 6v14" />,
);
export const AccountsIcon = icon(
  'AccountsIcon',
  <path d="M4 21V5l8-2v18M12 9l8 2v10M2.5 21h19M7.5 8.5h1M7.5 12.5h1M7.5 16.5h1M15.5 14.5h1M15.5 17.5h1" />,
);
export const GatewayIcon = icon('GatewayIcon', <path d="M2.5 12.5h4l3-8 5 15 3-7h4" />);
export const OperatorsIcon = icon(
  'OperatorsIcon',
  <path d="M12 2.5 4.5 5.5v6c0 4.8 3 8.3 7.5 10 4.5-1.7 7.5-5.2 7.5-10v-6zM9 12l2.2 2.2L15.5 10" />,
);
export const PersonIcon = icon(
  'PersonIcon',
  <>
    <circle cx="12" cy="8" r="4" />
    <path d="M4.5 20.5c.8-4 3.5-6 7.5-6s6.7 2 7.5 6" />
  </>,
);
