// where to read more
export const pages = ['https://www.hotjar.com/tour', 'https://mixpanel.com/platform', 'https://docs.segment.com/x']
