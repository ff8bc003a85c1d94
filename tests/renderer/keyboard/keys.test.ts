import { describe, expect, test } from 'vitest';
import { isTyping, type KeyPress, keyCaps, pressed } from '../../../renderer/keyboard/keys.ts';

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

describe('pressed', () => {
  test('takes Ctrl for Mod, on macOS Cmd', () => {
    expect(pressed(press('k', { ctrlKey: true }), 'Mod+K', false)).toBe(true);
    expect(pressed(press('k', { metaKey: true }), 'Mod+K', true)).toBe(true);
    expect(pressed(press('k', { ctrlKey: true }), 'Mod+K', true)).toBe(false);
    expect(pressed(press('Tab', { ctrlKey: true }), 'Ctrl+Tab', true)).toBe(true);
  });

  test('tells a letter from the same letter with Shift', () => {
    expect(pressed(press('r'), 'R', false)).toBe(true);
    expect(pressed(press('R', { shiftKey: true }), 'R', false)).toBe(false);
    expect(pressed(press('R', { shiftKey: true }), 'Shift+R', false)).toBe(true);
    expect(pressed(press('r', { ctrlKey: true }), 'R', false)).toBe(false);
    expect(pressed(press('R'), 'R', false)).toBe(true);
  });

  test('takes a sign by itself whatever Shift the layout needs', () => {
    expect(pressed(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(pressed(press('?'), '?', false)).toBe(true);
    expect(pressed(press('/', { shiftKey: true }), '/', false)).toBe(true);
    expect(pressed(press('+', { ctrlKey: true, shiftKey: true }), 'Mod++', false)).toBe(false);
  });

  test('finds digits by their place where the layout needs Shift for them', () => {
    expect(pressed(press('&', { ctrlKey: true, code: 'Digit1' }), 'Mod+1', false)).toBe(true);
    expect(pressed(press('с', { ctrlKey: true, shiftKey: true, code: 'KeyC' }), 'Mod+Shift+C', false)).toBe(true);
  });

  test('knows named keys with and without Shift', () => {
    expect(pressed(press('F6'), 'F6', false)).toBe(true);
    expect(pressed(press('F6', { shiftKey: true }), 'F6', false)).toBe(false);
    expect(pressed(press(' '), 'Space', false)).toBe(true);
  });
});

describe('isTyping', () => {
  test('is true for what a text field wants for itself', () => {
    expect(['P', 'Shift+R', '?', '/', 'Space', 'Delete', 'ArrowDown', 'Enter'].map(isTyping)).toEqual(
      Array(8).fill(true),
    );
    expect(['Mod+K', 'Ctrl+Tab', 'F6', 'Shift+F6', 'Escape', 'Alt+ArrowUp'].map(isTyping)).toEqual(
      Array(6).fill(false),
    );
  });
});

describe('keyCaps', () => {
  test('speaks the platform’s words', () => {
    expect(keyCaps('Mod+Shift+C', false)).toEqual(['Ctrl', 'Shift', 'C']);
    expect(keyCaps('Mod+Shift+C', true)).toEqual(['⌘', '⇧', 'C']);
    expect(keyCaps('ArrowUp', false)).toEqual(['Up']);
  });
});
