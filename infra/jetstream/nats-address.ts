// A NATS URL with credentials as the client takes it: the address alone, and the credentials beside it, so that no log shows them.

/** `nats://<token>@host` or `nats://<user>:<password>@host`. */
export const natsAddress = (url: string) => {
  const { protocol, host, username, password } = new URL(url)
  return {
    servers: `${protocol}//${host}`,
    ...(username !== '' && password === '' && { token: decodeURIComponent(username) }),
    ...(password !== '' && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
  }
}
