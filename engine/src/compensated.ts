/** A sum that carries what each addition rounds away (Neumaier 1974): money and long averages add up in it. */
export class CompensatedSum {
  #sum: number;
  #carry = 0;

  constructor(start = 0) {
    this.#sum = start;
  }

  add(term: number): void {
    const sum = this.#sum + term;
    this.#carry +=
      Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - sum + term : term - sum + this.#sum;
    this.#sum = sum;
  }

  copy(): CompensatedSum {
    const copy = new CompensatedSum(this.#sum);
    copy.#carry = this.#carry;
    return copy;
  }

  get value(): number {
    return this.#sum + this.#carry;
  }
}
