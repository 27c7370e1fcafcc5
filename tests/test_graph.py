"""The graph: leaves, what a node is and shows, scopes, the order of a walk, a graph's life and its size.

Witnesses: NumPy's own behaviour, networkx for the order, weak references for what is freed, and an op that counts for
how often a graph of 2⁶⁰ paths is visited.
"""

import contextlib
import copy
import gc
import pickle
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import networkx as nx
import numpy as np
import pytest

import minigrad as mg
from minigrad.graph import arguments_first

# --- leaves -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [mg.parameter, mg.constant])
@pytest.mark.parametrize("copy", [True, False])
def test_a_value_is_copied_in_and_read_only(make, copy):
    """An array that is written to between the forward and the reverse sweep must not change a gradient.

    `copy=False` is a promise not to do so; it takes nothing away from the caller, whose own array stays writable.
    """
    array = np.array([1.0, 2.0])
    node = make(array, copy=copy)
    with pytest.raises(ValueError, match="read-only"):
        node.value[0] = 5
    array[0] = 7
    np.testing.assert_array_equal(node.value, [1 if copy else 7, 2])
    assert np.shares_memory(node.value, array) is not copy


def test_every_array_of_a_graph_is_read_only():
    """Values and gradients of inner nodes too, views and broadcasts among them, for several may share memory."""
    x = mg.parameter(np.ones((2, 3)))
    parts = [x.T, x.reshape(6), x[0], np.broadcast_to(x, (4, 2, 3)), x[[0, 1]], mg.sum(x, axis=0), x + 0, mg.mean(x)]
    J = mg.sum(mg.concatenate([mg.reshape(part, -1) for part in parts]))
    handed_out = [*J.backward().values(), mg.gradients(J, x), mg.evaluate(J, {x: x.value}), mg.evaluate(x, {})]
    handed_out += mg.contributions(J, x).values()
    for array in [*handed_out, *[part.value for part in parts], x.grad]:
        assert not array.flags.writeable


def test_whole_numbers_become_floats_in_parameters_and_stay_in_constants():
    """One cannot go a little way along an integer; labels and indices, however, are whole numbers."""
    for given in (3, [1, 2], [True, False], np.uint8([1, 2]), np.float16(1), np.float32([1]), np.longdouble(1)):
        dtype = np.asarray(given).dtype
        assert mg.constant(given).dtype == dtype
        assert mg.parameter(given).dtype == (dtype if dtype.kind == "f" else np.float64)
        np.testing.assert_array_equal(mg.parameter(given).value, given)


NOT_REAL = [
    *("a", ["a", "b"], b"a", None, object(), [1, None], {}, 1j, [1j], 10**30, np.zeros(1, [("a", float)])),
    *(np.datetime64("2020-01-01"), np.timedelta64(1), np.ma.masked_array([1.0, 2.0], [False, True]), np.ma.masked),
]


@pytest.mark.parametrize("make", [mg.parameter, mg.constant])
@pytest.mark.parametrize("value", NOT_REAL, ids=lambda value: type(value).__name__)
def test_what_has_no_real_derivative_is_no_leaf(make, value):
    """Strings, objects, complex numbers, dates and masked arrays; a mask would otherwise be lost without a word."""
    with pytest.raises(mg.DTypeError, match=make.__name__):
        make(value)


@pytest.mark.parametrize("make", [mg.parameter, mg.constant])
def test_a_node_is_not_made_of_a_node(make):
    """It would be cut off from its graph; the message says how to take the numbers alone."""
    with pytest.raises(mg.UnsupportedError, match=rf"{make.__name__}\(W\.value\)"):
        make(mg.parameter(1.0, name="W"))
    with pytest.raises(mg.UnsupportedError, match=r"np\.stack"):
        make([mg.parameter(1.0, name="W"), 2.0])


@pytest.mark.parametrize("make", [mg.parameter, mg.constant, mg.tanh, mg.sum, mg.scope])
def test_a_name_is_a_string(make):
    """Pictures, errors and storage write names; whatever else came in would fail there, far from its cause."""
    for name in (3, b"W", ["W"], object(), mg.constant(1.0)):
        with pytest.raises(TypeError, match="name is a string"):
            make(name) if make is mg.scope else make(1.0, name=name)


# --- a node -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attribute", ["value", "inputs", "grad", "op", "form", "name", "scope", "differentiable"])
def test_nothing_in_a_node_can_be_set(attribute):
    """A node that changed after others were computed from it would make every gradient of theirs wrong."""
    x = mg.parameter(1.0, name="x")
    node = x * x
    before = getattr(node, attribute)
    with pytest.raises(AttributeError):
        setattr(node, attribute, before)
    with pytest.raises(AttributeError):
        delattr(node, attribute)
    assert getattr(node, attribute) is before


def test_nothing_can_be_added_to_a_node():
    """A mistyped attribute is an error, not a silent new one; nor can an entry be assigned."""
    x = mg.parameter([1.0, 2.0], name="x")
    for attribute in ("weight", "shape", "dtype", "T", "label", "kind", "jacobians", "__dict__"):
        with pytest.raises(AttributeError):
            setattr(x, attribute, 1)
    with pytest.raises(mg.UnsupportedError, match=r"x cannot be changed: .*np\.where"):
        x[0] = 1.0


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))])
def test_a_copy_of_a_node_is_read_only_too(duplicate):
    """NumPy's own copies are writable; a copied node must not be."""
    x = mg.parameter([1.0, 2.0])
    try:
        node = duplicate(x * x)
    except mg.UnsupportedError:
        return
    assert not node.value.flags.writeable
    assert not node.inputs[0].value.flags.writeable


@pytest.mark.parametrize("use", [lambda x: x * x, lambda x: x @ x, lambda x: x - x, lambda x: x**x])
def test_an_argument_that_stands_twice_has_two_edges(use):
    """Each has its own local Jacobian, and the gradient is the sum over both."""
    x = mg.parameter([2.0, 3.0])
    node = use(x)
    assert [source is x for source in node.inputs] == [True, True]
    assert len(node.jacobians) == 2
    terms = mg.contributions(mg.sum(node), x)
    assert sorted((argument, consumer is node) for consumer, argument in terms) == [(0, True), (1, True)]
    np.testing.assert_array_equal(sum(terms.values()), mg.gradients(mg.sum(node), x))


def test_inputs_stand_in_the_order_of_the_arguments():
    """x − y is not y − x, whichever was made first."""
    y, x = mg.parameter(1.0, name="y"), mg.parameter(2.0, name="x")
    assert [node.name for node in (x - y).inputs] == ["x", "y"]
    assert [node.name for node in mg.where(True, y, x).inputs] == [None, "y", "x"]


def test_equality_is_elementwise_and_the_hash_is_identity():
    """`==` asks about numbers, as in NumPy; as keys of a mapping, W and a W of equal numbers are two."""
    x, y = mg.parameter([1.0, 2.0]), mg.parameter([1.0, 3.0])
    for same, different in [(x == y, x != y), (x == y.value, x != y.value), (y.value == x, y.value != x)]:
        np.testing.assert_array_equal(same.value, [True, False])
        np.testing.assert_array_equal(different.value, [False, True])
    many = {mg.parameter([0.0, 0.0]): k for k in range(1000)}
    assert [many[node] for node in many] == [*range(1000)]
    assert len({x, y, x}) == 2


ARRAYS = [np.array(2.0), np.array([3.0]), np.array([1.0, 0.0]), np.array([[0.0]]), np.ones((2, 3)), np.ones(0)]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.shape}")
@pytest.mark.parametrize("make", [mg.constant, mg.parameter])
def test_a_node_answers_as_its_array_does(make, array):
    """Code written for arrays goes on working: the same answer, or an error of the same kind."""
    node = make(array)
    numbers = (float, int, complex) if make is mg.constant else ()  # a constant has no gradient to lose
    for ask in (len, bool, lambda a: a.item(), lambda a: [np.array(getattr(row, "value", row)) for row in a], *numbers):
        try:
            expected = ask(array)
        except (TypeError, ValueError) as error:
            with pytest.raises(type(error)):
                ask(node)
        else:
            np.testing.assert_array_equal(ask(node), expected)
            assert type(ask(node)) is type(expected)


def test_the_rows_of_a_node_are_nodes():
    """Unpacking, sum(), zip() and reversed() keep the gradient."""
    x = mg.parameter([[1.0, 2.0], [3.0, 4.0]])
    first, second = x
    np.testing.assert_array_equal(mg.gradients(mg.sum(2 * first + 3 * second), x), [[2, 2], [3, 3]])
    np.testing.assert_array_equal(mg.gradients(mg.sum(sum(x)), x), np.ones((2, 2)))
    J = sum(mg.sum(k * row) for k, row in zip((5, 7), reversed(x), strict=True))
    np.testing.assert_array_equal(mg.gradients(J, x), [[7, 7], [5, 5]])


def test_the_branch_taken_is_the_graph():
    """bool(node) of one element reads its value, as `if` and `while` need."""
    x = mg.parameter(3.0)
    y = x * x if x > 0 else -x
    assert mg.gradients(y, x) == 6
    while y > 1:
        y = y / 2
    assert mg.gradients(y, x) == 6 / 16


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: mg.parameter(1.0), "<parameter () float64: 1.>"),
        (lambda: mg.parameter([1, 2], name="W"), "<parameter 'W' (2,) float64: [1. 2.]>"),
        (lambda: mg.constant([True, False], name="mask"), "<constant 'mask' (2,) bool: [ True False]>"),
        (lambda: mg.constant([[1, 2], [3, 4]]), "<constant (2, 2) int64: [[1 2]\n [3 4]]>"),
        (lambda: mg.parameter(np.ones(6)), "<parameter (6,) float64: [1. 1. 1. 1. 1. 1.]>"),
        (lambda: mg.parameter(np.ones(7)), "<parameter (7,) float64>"),
        (lambda: mg.parameter(np.ones((0, 3))), "<parameter (0, 3) float64: []>"),
        (lambda: mg.parameter([np.nan, -np.inf]), "<parameter (2,) float64: [ nan -inf]>"),
        (lambda: mg.tanh(np.float32(1)), "<tanh () float32: 0.7616>"),
        (lambda: mg.tanh(0.0, name="a"), "<tanh 'a' () float64: 0.>"),
        (lambda: mg.parameter([1.0]) > 0, "<greater (1,) bool: [ True]>"),
        (lambda: mg.parameter(1.0, name="it's"), '<parameter "it\'s" () float64: 1.>'),
        (lambda: mg.tanh(mg.parameter(1.0)).backward(), "<gradients of 2 nodes>"),
    ],
)
def test_a_node_is_shown_by_kind_name_shape_dtype_and_a_few_numbers(make, text):
    """What one sees at the prompt; large arrays are not printed."""
    assert repr(make()) == text


# --- scopes -----------------------------------------------------------------------------------------------------------


def here():
    """The scope in which a node made now stands."""
    return mg.parameter(0.0).scope


def test_scopes_nest_and_end_also_by_an_exception():
    """A node carries the whole path; what is made later does not."""
    with mg.scope("layer 2"):
        with contextlib.suppress(RuntimeError), mg.scope("attention"):
            assert here() == ("layer 2", "attention")
            node = mg.tanh(1.0)
            raise RuntimeError
        assert here() == ("layer 2",)
    assert (node.scope, (node * 2).scope) == (("layer 2", "attention"), ())


def test_an_error_names_the_scope_of_its_arguments():
    """Of ten matrices called W, it says which."""
    with mg.scope("layer 2"), mg.scope("linear"):
        W = mg.parameter(np.ones((2, 3)), name="W")
    with pytest.raises(mg.ShapeError, match=r"W  parameter, in layer 2/linear"):
        W @ W


def test_one_scope_can_be_entered_again_also_inside_itself():
    """A block that a model uses twice, or recursively."""
    block = mg.scope("block")
    with mg.scope("model"):
        with block:
            with block:
                assert here() == ("model", "block", "block")
            assert here() == ("model", "block")
        with block:
            assert here() == ("model", "block")
    assert here() == ()


def test_threads_do_not_see_each_others_scopes():
    """Graphs are built in parallel without a lock."""
    together = threading.Barrier(2)

    def build(name):
        with mg.scope(name):
            together.wait()
            inside = here()
            together.wait()
        return inside, here()

    with mg.scope("main"), ThreadPoolExecutor(2) as pool:
        assert list(pool.map(build, ["a", "b"])) == [(("a",), ()), (("b",), ())]
        assert here() == ("main",)


# --- the order of a walk ----------------------------------------------------------------------------------------------


def random_graph(rng, size):
    """Nodes in the order of their making, each an op of one to four earlier ones, some of them twice."""
    nodes = [mg.parameter(1.0), mg.constant(1.0), mg.parameter(1.0)]
    for _ in range(size):
        nodes.append(mg.l2_penalty([nodes[k] for k in rng.integers(len(nodes), size=rng.integers(1, 5))], 0.1))
    return nodes


@pytest.mark.parametrize("size", [0, 1, 5, 40, 300])
@pytest.mark.parametrize("constants", [True, False])
def test_a_walk_meets_each_node_once_and_after_its_arguments(size, constants, rng):
    """The premise of both sweeps; networkx knows independently which nodes these are, and that there is no cycle."""
    for _ in range(5):
        nodes = random_graph(rng, size)
        number = {node: k for k, node in enumerate(nodes)}
        edges = [(number[source], k) for k, node in enumerate(nodes) for source in node.inputs]
        graph = nx.MultiDiGraph(edge for edge in edges if constants or nodes[edge[0]].differentiable)
        graph.add_nodes_from(range(len(nodes)))
        assert nx.is_directed_acyclic_graph(graph)
        assert all(u < v for u, v in edges), "the order of creation is not topological"
        outputs = [len(nodes) - 1, *rng.integers(len(nodes), size=2)]
        for asked in (outputs[:1], outputs):
            order = [number[node] for node in arguments_first([nodes[k] for k in asked], constants=constants)]
            place = {k: i for i, k in enumerate(order)}
            assert len(place) == len(order)
            assert set(order) == set(asked).union(*(nx.ancestors(graph, k) for k in asked))
            assert all(place[u] < place[v] for u, v in graph.edges() if v in place)


# --- life and size ----------------------------------------------------------------------------------------------------


@pytest.fixture
def no_collector():
    """Reference counting alone, as in a training loop between two runs of the collector."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def failing(J, x):
    """Errors in the forward pass, in a question and in a sweep, all caught."""
    for fail in (J.__matmul__, mg.sum(x).__getitem__, np.asarray, np.fft.fft, lambda x: x.backward()):
        try:
            fail(x)
        except (mg.MinigradError, IndexError):
            continue
        raise AssertionError(fail)


USES = {
    "forward": lambda J, x: None,
    "backward, twice": lambda J, x: (J.backward(), J.backward()),
    "gradients": lambda J, x: mg.gradients(J, [x, J], check_finite=True),
    "second derivatives": lambda J, x: mg.gradients(mg.sum(mg.gradients(J, x, create_graph=True)), x),
    "backward of a gradient": lambda J, x: mg.sum(mg.gradients(J, x, create_graph=True)).backward(),
    "contributions": mg.contributions,
    "evaluate": lambda J, x: mg.evaluate(J, {x: -x.value}),
    "jacobians": lambda J, x: (J.jacobians, mg.total_jacobian(J, x).T.matrix()),
    "view": lambda J, x: (repr(J), mg.to_networkx(J)),
    "errors": failing,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_graph_is_freed_by_reference_counting_alone(use, no_collector):
    """No node is in a cycle: memory is given back at once, whatever was asked of the graph, stable forms included."""
    before = sum(type(thing) is mg.Node for thing in gc.get_objects())
    x = mg.parameter(np.ones((3, 2)))
    a = 1 - mg.sigmoid(x)
    J = mg.cross_entropy(a, np.ones((3, 2))) + mg.mean(mg.log(mg.softmax(x))) + mg.sum(x.T @ x[[0, 0, 1]])
    assert any(node.form is not None for node in arguments_first([J]))
    arrays = [weakref.ref(node.value) for node in arguments_first([J])]
    use(J, x)
    assert all(array() is not None for array in arrays)
    del J, a, x
    assert [array for array in arrays if array() is not None] == []
    assert sum(type(thing) is mg.Node for thing in gc.get_objects()) == before


def test_a_parameter_does_not_keep_the_graphs_it_stood_in(no_collector):
    """Nothing refers from an argument to its consumers: a thousand steps of training leave no trace in W."""
    W = mg.parameter([1.0, 2.0])
    y = mg.tanh(W)
    mg.sum(y).backward()
    consumer = weakref.ref(y.value)
    del y
    assert consumer() is None


@pytest.mark.parametrize("length", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_a_chain_may_be_as_long_as_memory(length, no_collector):
    """Nothing is recursive, neither the sweeps nor the freeing: no limit, and no crash where C's stack would end."""
    x, two, half = mg.parameter(3.0), mg.constant(2.0), mg.constant(0.5)
    y = x * 5
    for k in range(length):
        y = y * (half if k % 2 else two)
    assert y.value == 15
    assert y.backward()[x] == 5
    assert mg.gradients(y, x) == 5
    assert mg.evaluate(y, {x: 4.0}) == 20
    assert mg.total_jacobian(y, x)(np.ones(())) == 5
    last = weakref.ref(y.value)
    gradient = mg.gradients(y, x, create_graph=True)
    assert gradient.value == 5
    assert mg.gradients(gradient, x) == 0
    del y, gradient
    assert last() is None


class Twice(mg.Op):
    """x + y, counting how often it is asked for anything."""

    asked = 0

    def forward(self, x, y):
        type(self).asked += 1
        return x + y

    def jacobian(self, argument, out, x, y):
        type(self).asked += 1
        return mg.Identity(out.shape)


def test_a_graph_of_many_paths_takes_a_visit_an_edge():
    """Sixty diamonds in a row: 2⁶⁰ paths between the ends, 120 edges; the count of visits stands for the time."""
    levels, twice = 60, Twice()
    x = y = mg.parameter(1.0)
    for _ in range(levels):
        y = twice(y, y)
    asks = {
        "backward": lambda: y.backward()[x],
        "gradients": lambda: mg.gradients(y, x),
        "create_graph": lambda: mg.gradients(y, x, create_graph=True).value,
        "evaluate": lambda: mg.evaluate(y, {x: 1.0}),
        "forward mode": lambda: mg.total_jacobian(y, x)(np.ones(())),
        "reverse mode": lambda: mg.total_jacobian(y, x).T(np.ones(())),
        "matrix": lambda: mg.total_jacobian(y, x).matrix().item(),
        "contributions": lambda: sum(mg.contributions(y, x).values()),
        "one entry": lambda: mg.contributions(y, x, entry=(), via=y),
        "view": lambda: sum(data["contribution"] for _, _, data in mg.to_networkx(y).out_edges(0, data=True)),
    }
    assert y.value == 2.0**levels
    for name, ask in asks.items():
        Twice.asked = 0
        assert ask() == 2.0**levels, name
        assert Twice.asked <= 2 * 3 * levels, name
    view = mg.to_networkx(y)
    assert (view.number_of_nodes(), view.number_of_edges()) == (levels + 1, 2 * levels)
