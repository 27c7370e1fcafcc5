"""The derivation writer: from a graph to a readable, checked derivation of its gradients.

The rooms, from the ground up:

    indices, expressions, substitution     what a line says, as a tree
    evaluation                             the number that it is
    algebra, rules, recognition            rewriting: numbers, sums with indices, products of matrices
    vocabulary, reader, elementwise,       a graph read: names, and the formulas of ops
    formulas, arrangements, costs
    map_entries, map_forms                 the entries of local Jacobians
    structure, samples                     where a derivation stops on its way, and one sample at a time
    steps, board, reasons, hops            lines, and what they are written with
    symbols, forward, backward, assembly   the parts of a derivation
    numeric                                lines in numbers
    points, checks                         both sides of every line, evaluated
    letters, notation, typeset, layout     how it is set, and in text, LaTeX and HTML: text, latex with
                                           latex_letters, mathml and page
    pulled                                 a reverse edge in symbols, for pictures
    derivation                             derive, and what it gives
"""

from .derivation import Derivation, derive

__all__ = ["Derivation", "derive"]
