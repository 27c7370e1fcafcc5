/** The viewport: which part of the drawing is seen, and the mouse, fingers and keys that change it. */

/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {{x: number, y: number}} Point */

/** How far a picture is made smaller at first: drawing units for each pixel. */
const COARSEST = 1.5;

/** Movements shorter than this many pixels are a click. */
const STILL = 4;

/**
 * A box made larger or smaller by a factor, the point (x, y) staying where it is.
 * @param {Box} box
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @returns {Box}
 */
export function zoomed(box, factor, x, y) {
  const { width, height } = box;
  return { x: x - (x - box.x) * factor, y: y - (y - box.y) * factor, width: width * factor, height: height * factor };
}

/**
 * The box moved as little as needed for it to hold the other, with a margin.
 * @param {Box} box
 * @param {Box} inner
 * @returns {Box}
 */
export function holding(box, inner) {
  return {
    ...box,
    x: slid(box.x, box.width, inner.x, inner.width),
    y: slid(box.y, box.height, inner.y, inner.height),
  };
}

/**
 * The smallest box of this ratio, width to height, that has the other in its middle.
 * @param {Box} inner
 * @param {number} ratio
 * @returns {Box}
 */
export function around(inner, ratio) {
  const width = Math.max(inner.width, inner.height * ratio);
  const height = Math.max(inner.height, inner.width / ratio);
  return { x: inner.x - (width - inner.width) / 2, y: inner.y - (height - inner.height) / 2, width, height };
}

/**
 * Where an interval at `at` goes to hold another, from `from`, with an eighth of it for margin where that is possible;
 * the beginning of one that is longer.
 * @param {number} at
 * @param {number} size
 * @param {number} from
 * @param {number} length
 */
function slid(at, size, from, length) {
  if (length > size) return from;
  const margin = Math.min(size / 8, (size - length) / 2);
  if (from - margin < at) return from - margin;
  return Math.max(at, from + length + margin - size);
}

/**
 * A viewport on a drawing, in a frame of the page.
 * @param {HTMLElement} frame
 * @param {SVGSVGElement} svg
 */
export function viewportOf(frame, svg) {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const whole = { x, y, width, height };
  let view = first();
  let moved = 0; // by how many pixels, since a pointer came down
  /** @type {Map<number, Point>} */
  const pointers = new Map();

  function ratio() {
    return frame.clientWidth / Math.max(1, frame.clientHeight);
  }

  /** The whole drawing; where nothing could be read in it, only its end, where the sweep begins. */
  function first() {
    const all = around(whole, ratio());
    const most = frame.clientWidth * COARSEST;
    if (all.width <= most) return all;
    const tall = most / ratio();
    return { x: whole.x + whole.width - most, y: whole.y + (whole.height - tall) / 2, width: most, height: tall };
  }

  /** @param {Box} box */
  function look(box) {
    view = box;
    svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  }

  function fit() {
    look(around(whole, ratio()));
  }

  /** @param {number} factor @param {Point} [at] */
  function zoom(factor, at = { x: view.x + view.width / 2, y: view.y + view.height / 2 }) {
    const wide = view.width * factor;
    if (wide > 20 && wide < 20 * Math.max(whole.width, frame.clientWidth)) look(zoomed(view, factor, at.x, at.y));
  }

  /** @param {number} right @param {number} down  as parts of what is seen */
  function pan(right, down) {
    look({ ...view, x: view.x + right * view.width, y: view.y + down * view.height });
  }

  /** A point of the window in the drawing's units. @param {Point} point */
  function inDrawing({ x: left, y: top }) {
    return new DOMPoint(left, top).matrixTransform(svg.getScreenCTM()?.inverse());
  }

  /** The box of an element in the drawing's units. @param {SVGGraphicsElement} element @returns {Box} */
  function boxOf(element) {
    const box = element.getBBox();
    const outward = svg
      .getCTM()
      ?.inverse()
      .multiply(element.getCTM() ?? new DOMMatrix());
    const a = new DOMPoint(box.x, box.y).matrixTransform(outward);
    const b = new DOMPoint(box.x + box.width, box.y + box.height).matrixTransform(outward);
    return { x: a.x, y: a.y, width: b.x - a.x, height: b.y - a.y };
  }

  /** @param {WheelEvent} event */
  function onWheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    zoom(Math.exp(event.deltaY * lines * 0.0015), inDrawing({ x: event.clientX, y: event.clientY }));
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const keys = { "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), 0: fit };
    /** @type {Record<string, () => void>} */
    const shifted = {
      ArrowLeft: () => pan(-0.15, 0),
      ArrowRight: () => pan(0.15, 0),
      ArrowUp: () => pan(0, -0.15),
      ArrowDown: () => pan(0, 0.15),
    };
    const act = (event.shiftKey ? shifted[event.key] : undefined) ?? keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {PointerEvent} event */
  function onDown(event) {
    if (event.button !== 0) return;
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  /** One pointer drags; two zoom, as they come apart, about the middle between them. @param {PointerEvent} event */
  function onMove(event) {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (moved > STILL) frame.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, now);
    if (other) {
      const apart = (/** @type {Point} */ point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      zoom(apart(before) / apart(now), inDrawing(middle));
    } else {
      const [a, b] = [inDrawing(before), inDrawing(now)];
      look({ ...view, x: view.x + a.x - b.x, y: view.y + a.y - b.y });
    }
  }

  /** @param {PointerEvent} event */
  function onUp(event) {
    pointers.delete(event.pointerId);
  }

  frame.addEventListener("wheel", onWheel, { passive: false });
  frame.addEventListener("keydown", onKey);
  frame.addEventListener("pointerdown", onDown);
  frame.addEventListener("pointermove", onMove);
  frame.addEventListener("pointerup", onUp);
  frame.addEventListener("pointercancel", onUp);
  window.addEventListener("beforeprint", () => svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`));
  window.addEventListener("afterprint", () => look(view));
  look(view);

  return {
    fit,
    zoom,
    boxOf,
    /** Moves the view, if need be, so that the element is in it. @param {Element | null} element */
    bring(element) {
      if (element instanceof SVGGraphicsElement) look(holding(view, boxOf(element)));
    },
    /** Whether the pointer has been dragged since it came down: then a click is none. */
    wasDragged: () => moved > STILL,
  };
}
