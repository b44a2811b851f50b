import { expect, test } from 'vitest'
import { isAddress, singleAddress } from './address.ts'

test.each([
  '0.0.0.0',
  '10.96.0.7',
  '255.255.255.255',
  '::',
  '::1',
  '1::',
  'fd00::1',
  '1:2:3:4:5:6:7:8',
  'FE80::A',
  '::ffff:10.0.0.1',
  '1:2:3:4:5:6:1.2.3.4',
])('%s is an address', (text) => expect(isAddress(text)).toBe(true))

test.each([
  '',
  '10.0.0',
  '10.0.0.256',
  '10.0.0.01',
  '10.0.0.1.',
  '10.0.0.1/32',
  'None',
  'orders.shop',
  ':',
  ':1',
  '1:',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '12345::',
  'g::',
  '::1.2.3',
  '1.2.3.4::',
])('%j is none', (text) => expect(isAddress(text)).toBe(false))

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['10.0.0.1/32', '10.0.0.1'],
  ['fd00::1/128', 'fd00::1'],
  ['10.0.0.0/24', undefined],
  ['fd00::1/32', undefined],
  ['10.0.0.1/32/32', undefined],
  ['10.0.0/32', undefined],
])('of %s a listener has the address %s', (text, address) => expect(singleAddress(text)).toBe(address))
