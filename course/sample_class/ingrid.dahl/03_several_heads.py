# %% by_hand
my_number = 724
my_score = 2.47
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(
    x: np.ndarray, w_q: list[np.ndarray], w_k: list[np.ndarray], w_v: list[np.ndarray]
) -> list[np.ndarray]:
    """The outputs of several heads over the same tokens, in a list."""
    return [
        attention_head(x=x, w_q=own_w_q, w_k=own_w_k, w_v=own_w_v)
        for own_w_q, own_w_k, own_w_v in zip(w_q, w_k, w_v, strict=True)
    ]

# %% fuse
def fuse(matrices: list[np.ndarray]) -> np.ndarray:
    """One matrix from the matrices of all heads."""
    return np.concatenate(matrices, axis=1)

# %% columns_of_head
def block(h: int, width: int) -> slice:
    """Where head h's block starts and ends."""
    return slice(h * width, (h + 1) * width)


def columns_of_head(array: np.ndarray, h: int, num_heads: int) -> np.ndarray:
    """Head h's columns of an array that holds those of all heads."""
    *_, all_columns = array.shape
    return array[..., block(h=h, width=all_columns // num_heads)]

# %% largest_differences
def largest_difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.max(np.abs(a - b)))


def largest_differences(heads: list[np.ndarray]) -> np.ndarray:
    """How far the outputs of the heads are apart."""
    return np.array([[largest_difference(a=a, b=b) for b in heads] for a in heads])

# %% predict_shared
different_weights = 3
different_values = 4
different_outputs = 5
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [3]
notice_when_projected = [1, 2, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "AB"
