const T = ['readystatechange', 'loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'];
const watch = (x, n) => {
  for (const t of T) {
    x.addEventListener(t, (e) =>
      say(n, t, x.readyState, x.status, 'loaded' in e ? [e.lengthComputable, e.loaded, e.total] : ''),
    );
  }
  for (const t of T.slice(1))
    x.upload.addEventListener(t, (e) => say(n, 'upload', t, [e.lengthComputable, e.loaded, e.total]));
  return x;
};
const fields = (x) =>
  x
    .getAllResponseHeaders()
    .replace(/^(date|connection|keep-alive): .*\r\n/gm, '')
    .replaceAll('\r\n', '|');
const wait = (x) => new Promise((r) => x.addEventListener('loadend', () => setTimeout(r, 5)));
async function one(n, m, u, body, f) {
  const x = watch(new XMLHttpRequest(), n);
  x.open(m, u);
  f?.(x);
  const w = wait(x);
  try {
    x.send(body);
    say(n, 'sent', x.readyState);
  } catch (e) {
    say(n, 'send throws', e.name);
  }
  await w;
  try {
    say(n, 'text', x.responseText);
  } catch (e) {
    say(n, e.name);
  }
  say(n, x.statusText, x.responseURL, fields(x));
  return x;
}
const t1 = await one('text', 'GET', '/text');
say(t1.getResponseHeader('x-a'), t1.getResponseHeader('X-None'), t1.getResponseHeader('set-cookie'));
await one('empty', 'GET', '/empty');
await one('204', 'GET', '/204');
await one('404', 'GET', '/404');
await one('head', 'HEAD', '/text');
await one('post', 'POST', '/echo', 'bödy');
await one('post2', 'POST', '/echo', new Uint8Array([65, 66]));
await one('post3', 'POST', '/echo', new Blob(['x'], { type: 'a/b' }), (x) => x.setRequestHeader('X-Mine', 'a'));
await one('post4', 'POST', '/echo', 'q', (x) => {
  x.setRequestHeader('Content-type', 'text/plain;charset=iso-8859-1');
  x.setRequestHeader('x-mine', '1');
  x.setRequestHeader('X-Mine', '2');
});
await one('post5', 'post', '/echo');
await one('getbody', 'GET', '/echo', 'body');
await one('cut', 'GET', '/cut');
await one('cutbody', 'GET', '/cutbody');
await one('cuthead', 'GET', '/cuthead');
for (const s of [301, 302, 303, 307, 308]) await one(`r${s}`, 'POST', `/redirect/${s}`, 'b');
await one('timeout', 'GET', '/slow', null, (x) => {
  x.timeout = 100;
});
await one('timeout2', 'POST', '/slow', 'x', (x) => {
  x.timeout = 100;
});
await one('abort', 'GET', '/slow', null, (x) =>
  setTimeout(() => {
    x.abort();
    say('after abort', x.readyState, x.status);
  }, 100),
);
await one('aborthead', 'GET', '/text', null, (x) => {
  x.onreadystatechange = () => {
    if (x.readyState === 2) x.abort();
  };
});
await one('abortload', 'GET', '/text', null, (x) => {
  x.onload = () => {
    x.abort();
    say('after abort in load', x.readyState);
  };
});
for (const rt of ['arraybuffer', 'blob', 'json', 'text', 'document', 'nonsense', '']) {
  const x = new XMLHttpRequest();
  x.open('GET', '/json');
  x.responseType = rt;
  say('rt', rt, x.responseType, String(x.response));
  x.send();
  await wait(x);
  const r = x.response;
  say('rt', rt, Object.prototype.toString.call(r), r === x.response, r instanceof Blob ? [r.size, r.type] : '');
  try {
    say(x.responseText);
  } catch (e) {
    say(e.name);
  }
}
{
  const x = new XMLHttpRequest();
  x.open('GET', '/text');
  x.responseType = 'json';
  x.send();
  await wait(x);
  say('bad json', x.response);
}
const tried = (n, f) => {
  try {
    say(n, String(f()));
  } catch (e) {
    say(n, e.name, e.message);
  }
};
{
  const x = new XMLHttpRequest();
  tried('send unsent', () => x.send());
  tried('header unsent', () => x.setRequestHeader('a', 'b'));
  tried('abort unsent', () => x.abort());
  tried('open bad', () => x.open('B AD', '/'));
  tried('open forbidden', () => x.open('CONNECT', '/'));
  tried('open url', () => x.open('GET', 'http://'));
  tried('open none', () => x.open('GET'));
  x.open('GET', '/text');
  tried('bad name', () => x.setRequestHeader('a b', 'c'));
  tried('bad value', () => x.setRequestHeader('a', 'c\nd'));
  tried('forbidden', () => x.setRequestHeader('Cookie', 'c'));
  tried('headers before', () => x.getAllResponseHeaders());
  tried('header before', () => x.getResponseHeader('a'));
  x.send();
  tried('send twice', () => x.send());
  tried('header sent', () => x.setRequestHeader('a', 'b'));
  tried('cred sent', () => {
    x.withCredentials = true;
  });
  tried('rt sent', () => {
    x.responseType = 'json';
  });
  await wait(x);
  tried('rt done', () => {
    x.responseType = 'json';
  });
  tried('mime done', () => x.overrideMimeType('text/plain'));
  tried('send done', () => x.send());
  tried('abort done', () => {
    x.abort();
    return x.readyState;
  });
}
say(
  XMLHttpRequest.DONE,
  new XMLHttpRequest().LOADING,
  String(new XMLHttpRequest()),
  Object.keys(XMLHttpRequest.prototype)
    .filter((k) => !/^set[AP]/.test(k))
    .sort()
    .join(),
  String(new XMLHttpRequest().upload),
  Object.keys(new XMLHttpRequest()),
  XMLHttpRequest.length,
);
{
  const x = watch(new XMLHttpRequest(), 'open twice');
  x.open('GET', '/slow');
  x.send();
  x.open('GET', '/text');
  say('again', x.readyState);
  x.send();
  await wait(x);
}
{
  const x = watch(new XMLHttpRequest(), 'turns');
  x.open('GET', '/text');
  x.onreadystatechange = () => {
    const s = x.readyState;
    queueMicrotask(() => say('micro', s));
    setTimeout(() => say('timer', s));
  };
  x.send();
  setTimeout(() => say('t0'));
  queueMicrotask(() => say('m'));
  await wait(x);
  await new Promise((r) => setTimeout(r, 20));
}
{
  const x = new XMLHttpRequest();
  x.open('GET', '/text');
  x.onload = () => {
    say('in load');
    x.open('GET', '/json');
    x.onload = () => say('second load', x.responseText);
    x.onloadend = () => say('loadend', x.readyState);
    x.send();
  };
  x.send();
  await new Promise((r) => setTimeout(r, 300));
}
